package io.gatun.ha.vrrp;

/** By what a node found that the addresses are its to take. */
public enum Detection {
    /** The owner's adverts stopped. */
    SILENCE("silence", true),
    /** Another detector found the owner dead. */
    BFD("bfd", true),
    /** The owner said that it leaves. */
    LEFT("left", false),
    /** The owner lives, its priority is lower. */
    PREFERENCE("preference", false),
    /** This node was the owner, was away, and heard of no other when it was back. */
    FREEZE("freeze", true),
    /** No owner was heard since this node takes part. */
    NOBODY("nobody", false);

    private final String text;
    private final boolean outage;

    Detection(String text, boolean outage) {
        this.text = text;
        this.outage = outage;
    }

    /** As reports show it. */
    public String text() {
        return text;
    }

    /** Whether nobody served between the last sign of the owner and the takeover. */
    public boolean silenceIsOutage() {
        return outage;
    }
}
