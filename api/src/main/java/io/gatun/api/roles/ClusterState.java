package io.gatun.api.roles;

import java.util.Locale;
import java.util.Optional;

/** The states that {@code config/cistate} knows. */
public enum ClusterState {
    MASTER,
    BACKUP,
    FAULT,
    STOP,
    NOT_DEFINED;

    /** The state with this name in any case. */
    public static Optional<ClusterState> of(String text) {
        for (ClusterState state : values()) {
            if (state.name().equals(text.toUpperCase(Locale.ROOT))) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }
}
