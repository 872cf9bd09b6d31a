package io.gatun.ha.vrrp;

/**
 * Whether a backup may take over from an owner of lower priority that lives, as far as it is configured to. When there is
 * no owner any more, nothing holds it back.
 */
public enum Preemption {
    ALLOWED,
    /** Not until it has obeyed for ten seconds: it does not know what the owner knows, and maybe nobody will tell it. */
    AFTER_PATIENCE,
    /** Not yet: it is just being told what the owner knows. */
    HELD_BACK
}
