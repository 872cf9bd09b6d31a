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
    NDP_ANSWERED("ndp_answered"),
    NDP_PROBE("ndp_probe_answered"),
    NDP_NOT_NDP("ndp_silent_not_ndp"),
    NDP_TRUNCATED("ndp_silent_truncated"),
    NDP_FROM_AFAR("ndp_silent_from_afar"),
    NDP_BAD_CHECKSUM("ndp_silent_bad_checksum"),
    NDP_UNKNOWN_CODE("ndp_silent_unknown_code"),
    NDP_BAD_OPTION("ndp_silent_bad_option"),
    NDP_TARGET_IS_A_GROUP("ndp_silent_target_is_a_group"),
    NDP_SENDER_NOT_A_STATION("ndp_silent_sender_not_a_station"),
    NDP_BAD_PROBE("ndp_silent_bad_probe"),
    NDP_SOLICITED_BY_A_GROUP("ndp_silent_solicited_by_a_group"),
    NDP_OWN_FRAME("ndp_silent_own_frame"),
    NDP_NOT_A_SOLICITATION("ndp_silent_not_a_solicitation"),
    NDP_NOT_OURS("ndp_silent_not_ours"),
    NDP_NOT_MASTER("ndp_silent_not_master"),
    NDP_SENT_TO_ANOTHER("ndp_silent_sent_to_another"),
    NDP_CONFLICT("ndp_conflict"),
    NDP_DEFENDED("ndp_conflict_defended"),
    NDP_ANNOUNCED("ndp_announced_frames"),
    NDP_JOIN_FAILED("ndp_join_failed"),
    NDP_SEND_FAILED("ndp_send_failed"),
    NDP_RECEIVE_FAILED("ndp_receive_failed"),
    FROZEN("announcer_silent_frozen"),
    COMMANDS("announcer_commands");

    private final String label;

    AnnouncerCounter(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
