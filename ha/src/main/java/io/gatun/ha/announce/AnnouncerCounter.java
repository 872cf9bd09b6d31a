package io.gatun.ha.announce;

/** What the announcer counts; the label is the name under which counters are shown. */
public enum AnnouncerCounter {
    ANSWERED("arp_answered"),
    NOT_ARP("arp_silent_not_arp"),
    MALFORMED("arp_silent_malformed"),
    OWN_FRAME("arp_silent_own_frame"),
    NOT_A_REQUEST("arp_silent_not_a_request"),
    NOT_OURS("arp_silent_not_ours"),
    NOT_MASTER("arp_silent_not_master"),
    SENT_TO_ANOTHER("arp_silent_sent_to_another"),
    CONFLICT("arp_conflict"),
    DEFENDED("arp_conflict_defended"),
    ANNOUNCED("arp_announced_frames"),
    SEND_FAILED("arp_send_failed"),
    RECEIVE_FAILED("arp_receive_failed"),
    COMMANDS("announcer_commands");

    private final String label;

    AnnouncerCounter(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
