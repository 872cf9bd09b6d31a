package io.gatun.api.roles;

import io.gatun.api.model.ApiException;
import io.gatun.api.model.Json;
import io.gatun.api.state.StateFile;
import io.gatun.ha.role.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Roles in a file. Changes are made one at a time; readers never wait. */
public final class RoleStore implements Roles {
    private static final Logger LOG = LoggerFactory.getLogger(RoleStore.class);
    /** More than any controller shards into; a bound on what a stray client can make us remember. */
    private static final int INSTANCES_MAX = 256;

    private final ReentrantLock changes = new ReentrantLock();
    private final StateFile<List<InstanceRole>> file;
    private final BiConsumer<String, Role> listener;
    private volatile Map<String, InstanceRole> roles = Map.of();

    /**
     * A store that has read nothing yet.
     *
     * @param stateDir where {@code roles.json} is
     * @param listener told every role that is set, also when it is the one before
     */
    public RoleStore(Path stateDir, BiConsumer<String, Role> listener) {
        this.file = new StateFile<>(stateDir.resolve("roles.json"), RoleStore::decode);
        this.listener = listener;
    }

    /** Reads the file and passes its roles on. To be called once, before any other method. */
    public void load() throws IOException {
        Map<String, InstanceRole> loaded = new LinkedHashMap<>();
        for (InstanceRole role : file.read().orElse(List.of())) {
            loaded.put(role.instance(), role);
        }
        Map<String, InstanceRole> known = loaded.isEmpty() ? initial() : loaded;
        roles = known;
        loaded.values().forEach(role -> listener.accept(role.instance(), role.state()));
    }

    @Override
    public List<InstanceRole> all() {
        return List.copyOf(roles.values());
    }

    @Override
    public void set(InstanceRole role) {
        changes.lock();
        try {
            if (!role.equals(roles.get(role.instance()))) {
                store(role);
                LOG.info("instance {} is {}", role.instance(), role.state());
            }
            listener.accept(role.instance(), role.state());
        } finally {
            changes.unlock();
        }
    }

    private void store(InstanceRole role) {
        Map<String, InstanceRole> next = new LinkedHashMap<>(roles);
        next.put(role.instance(), role);
        if (next.size() > INSTANCES_MAX) {
            throw new ApiException(
                    403,
                    "capacity error: instance=" + role.instance() + " would be one of more than " + INSTANCES_MAX
                            + ", use the name of one that is there");
        }
        try {
            file.write(new Stored(List.copyOf(next.values())));
        } catch (IOException e) {
            LOG.error("roles are not saved: {}", e.toString());
            throw new ApiException(
                    500,
                    "state error: roles are not saved (" + e + "), make the state directory writable and room in it");
        }
        roles = next;
    }

    private static Map<String, InstanceRole> initial() {
        Map<String, InstanceRole> roles = new LinkedHashMap<>();
        roles.put(
                InstanceRole.DEFAULT_INSTANCE,
                new InstanceRole(InstanceRole.DEFAULT_INSTANCE, Role.NOT_DEFINED, "0.0.0.0"));
        return roles;
    }

    private static List<InstanceRole> decode(byte[] bytes) {
        List<InstanceRole> roles =
                new ArrayList<>(Json.read(bytes, Stored.class).roles());
        if (roles.stream().anyMatch(role -> role == null || role.instance() == null || role.state() == null)) {
            throw new IllegalArgumentException("a role without instance or state");
        }
        return roles;
    }

    private record Stored(List<InstanceRole> roles) {}
}
