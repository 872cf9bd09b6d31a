package io.gatun.forwarder.conntrack;

/**
 * The control word of a slot: 29 bits of hash above 3 bits of state.
 *
 * <pre>
 *   FREE -> CLAIMED -> PENDING -> LIVE -> DEAD -> FREE
 *                         |
 *                         +-> KILLED -> FREE
 * </pre>
 *
 * CLAIMED, PENDING and KILLED belong to the inserting thread, LIVE to nobody, DEAD to the sweeper. In DEAD the upper
 * bits are the tick of the removal. The hash bits locate the home bucket too, so a word tells how far its slot is from
 * home.
 */
final class Control {
    static final int FREE = 0;
    static final int CLAIMED = 1;
    static final int PENDING = 2;
    static final int LIVE = 3;
    static final int DEAD = 4;
    static final int KILLED = 5;

    private static final int STATE_BITS = 3;
    private static final int STATE_MASK = (1 << STATE_BITS) - 1;

    private Control() {}

    static int word(int hash, int state) {
        return (hash & ~STATE_MASK) | state;
    }

    static int state(int word) {
        return word & STATE_MASK;
    }

    static int homeBits(int hashOrWord) {
        return hashOrWord >>> STATE_BITS;
    }

    /** Where in its bucket a flow is looked for first: the top bits, which the home bucket does not use. */
    static int preferredSlot(int hash) {
        return ((hash >>> 16) * TableLayout.SLOTS_PER_BUCKET) >>> 16;
    }

    static int dead(int tick) {
        return (tick << STATE_BITS) | DEAD;
    }

    /** Ticks since the removal, negative when the remover's clock was ahead. */
    static int deadFor(int word, int nowTick) {
        return ((nowTick - (word >>> STATE_BITS)) << STATE_BITS) >> STATE_BITS;
    }
}
