package io.gatun.ha.announce;

/** What is to be done about a received ARP frame: answer, defend, or be silent for a named reason. */
public enum ArpVerdict implements Verdict {
    /** A request or probe for a VIP that is ours. */
    ANSWER(AnnouncerCounter.ANSWERED, Reaction.ANSWER),
    /** Another host says that it has a VIP that is ours. */
    CONFLICT(AnnouncerCounter.CONFLICT, Reaction.DEFEND),
    /** The ethertype is another. */
    NOT_ARP(AnnouncerCounter.NOT_ARP),
    /** Too short, not IPv4 over Ethernet, or from a hardware address that no station has. */
    MALFORMED(AnnouncerCounter.MALFORMED),
    /** Sent by this node: the kernel's or ours, seen on its way out or on a sibling interface. */
    OWN_FRAME(AnnouncerCounter.OWN_FRAME),
    /** A reply, or an operation that ARP for IPv4 does not have. */
    NOT_A_REQUEST(AnnouncerCounter.NOT_A_REQUEST),
    /** Asks for an address that is no VIP. */
    NOT_OURS(AnnouncerCounter.NOT_OURS),
    /** Asks for a VIP that another node has now. */
    NOT_MASTER(AnnouncerCounter.NOT_MASTER),
    /** Sent to another host's MAC and flooded to us. */
    SENT_TO_ANOTHER(AnnouncerCounter.SENT_TO_ANOTHER);

    private final AnnouncerCounter counter;
    private final Reaction reaction;

    ArpVerdict(AnnouncerCounter counter) {
        this(counter, Reaction.SILENCE);
    }

    ArpVerdict(AnnouncerCounter counter, Reaction reaction) {
        this.counter = counter;
        this.reaction = reaction;
    }

    @Override
    public AnnouncerCounter counter() {
        return counter;
    }

    @Override
    public Reaction reaction() {
        return reaction;
    }
}
