package io.gatun.ha.announce;

/** What the agent does about a frame. */
public enum Reaction {
    /** Nothing; the counter tells why. */
    SILENCE(false, false),
    /** Tells the asker where the VIP is. */
    ANSWER(true, false),
    /** Announces the VIP again, at most once per interval. */
    DEFEND(false, true),
    /** Both: a host asks because it wants to take the VIP. */
    ANSWER_AND_DEFEND(true, true);

    private final boolean answers;
    private final boolean defends;

    Reaction(boolean answers, boolean defends) {
        this.answers = answers;
        this.defends = defends;
    }

    boolean answers() {
        return answers;
    }

    boolean defends() {
        return defends;
    }
}
