package io.gatun.lab;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes labs by their run files: those whose JVM is gone, or one by its id. */
final class Reaper {
    private static final Logger LOG = LoggerFactory.getLogger(Reaper.class);

    private final RunDirectory run;

    Reaper(RunDirectory run) {
        this.run = run;
    }

    /** Removes every lab that is not kept and whose owner is gone; one that resists is logged and left. */
    List<String> reapDead() {
        List<String> reaped = new ArrayList<>();
        for (String id : run.ids()) {
            try {
                if (!run.deleteStillborn(id) && reapIfDead(id)) {
                    reaped.add(id);
                }
            } catch (RuntimeException e) {
                LOG.warn("lab {}: not removed, look at {}: {}", id, run.file(id), e.getMessage());
            }
        }
        return List.copyOf(reaped);
    }

    private boolean reapIfDead(String id) {
        RunRecord record = run.read(id).orElse(null);
        if (record == null || record.kept() || record.owner().alive()) {
            return false;
        }
        LOG.info(
                "lab {} ({}): its JVM, pid {}, is gone; removing it",
                id,
                record.name(),
                record.owner().pid());
        demolish(record);
        return true;
    }

    void remove(String id) {
        RunRecord record = run.read(id)
                .orElseThrow(() -> LabException.invalid("lab", id, "does not exist, there are: " + run.ids()));
        if (!record.kept() && record.owner().alive()) {
            throw LabException.invalid(
                    "lab", id, "is in use by pid " + record.owner().pid() + ", close it there");
        }
        demolish(record);
    }

    /** Kills what runs in the namespaces, deletes them, then forgets the lab. Twice does no harm. */
    void demolish(RunRecord record) {
        record.namespaces().stream().filter(Namespace::exists).forEach(Namespace::killProcesses);
        record.namespaces().forEach(Namespace::delete);
        run.delete(record.id());
    }
}
