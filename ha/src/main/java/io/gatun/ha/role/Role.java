package io.gatun.ha.role;

import io.gatun.forwarder.control.RejectedException;
import java.util.Locale;

/** State of an instance on this node, under the names that cistate gives them (contract section 5.1). */
public enum Role {
    /** Answers ARP for its VIPs and announces them. */
    MASTER,
    /** Silent; forwards known flows only. */
    BACKUP,
    /** Silent: the controller holds this node for broken. */
    FAULT,
    /** Silent: the controller stopped the instance here. */
    STOP,
    /** Nobody said; see {@link RoleTable#role}. */
    NOT_DEFINED;

    /**
     * Reads a cistate, in any case.
     *
     * @throws RejectedException when it is none of the five
     */
    public static Role parse(String state) {
        return switch (state == null ? "" : state.toUpperCase(Locale.ROOT)) {
            case "MASTER" -> MASTER;
            case "BACKUP" -> BACKUP;
            case "FAULT" -> FAULT;
            case "STOP" -> STOP;
            case "NOT_DEFINED" -> NOT_DEFINED;
            default ->
                throw RejectedException.invalid("state", state, "use MASTER, BACKUP, FAULT, STOP or NOT_DEFINED");
        };
    }
}
