package io.gatun.ha.vrrp;

/**
 * What a backup knows of the owner: its last sign, by what it would be found gone, and what a probe of its address said.
 * Tells {@link VrrpInstance} whether to ask first; pure, and as single-threaded as that.
 */
final class OwnerWatch {
    /** So many answers in a row are believed; docs/adr/0026-takeover-checks.md tells why not all. */
    static final int BELIEVED_ANSWERS = 9;

    private Detection detection = Detection.NOBODY;
    private long lastSignNs;
    private boolean probing;
    private int answers;

    /** This node takes part from now on and has heard nobody. */
    void started() {
        detection = Detection.NOBODY;
        calmed();
    }

    /** An advert came, of whatever priority. */
    void heard(long nowNs) {
        detection = Detection.PREFERENCE;
        lastSignNs = nowNs;
        calmed();
    }

    /** An advert came and is obeyed. */
    void obeyed(long nowNs) {
        heard(nowNs);
        detection = Detection.SILENCE;
    }

    /** The advert just heard says that its sender leaves. */
    void left() {
        detection = Detection.LEFT;
    }

    /** Another detector found the owner dead. */
    void lost() {
        detection = Detection.BFD;
    }

    /** The owner was this node, which was away and lives since {@code nowNs}. */
    void frozen(long lastAliveNs) {
        detection = Detection.FREEZE;
        lastSignNs = lastAliveNs;
        calmed();
    }

    private void calmed() {
        probing = false;
        answers = 0;
    }

    /** Whether the address is to be asked for before a takeover. */
    boolean wantsProbe() {
        return !probing && detection != Detection.LEFT && detection != Detection.PREFERENCE;
    }

    void probed() {
        probing = true;
    }

    /** Somebody has the address. @return whether the takeover is held back */
    boolean answered() {
        if (!probing || answers == BELIEVED_ANSWERS) {
            return false;
        }
        probing = false;
        answers++;
        return true;
    }

    /** Answers in a row that held a takeover back. */
    int heldBack() {
        return answers;
    }

    Takeover takeover(long nowNs) {
        long silenceNs = detection == Detection.NOBODY ? 0 : nowNs - lastSignNs;
        return new Takeover(detection, silenceNs, answers, nowNs);
    }
}
