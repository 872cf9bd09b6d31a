package io.gatun.ha.announce;

/**
 * Where a port counts what is not a verdict.
 *
 * @param announced frames of announcements that were sent
 * @param defended claims that were answered by a burst
 * @param sendFailed frames that the link did not take
 * @param receiveFailed looks at a link that failed
 */
record PortCounters(
        AnnouncerCounter announced,
        AnnouncerCounter defended,
        AnnouncerCounter sendFailed,
        AnnouncerCounter receiveFailed) {
    static final PortCounters ARP = new PortCounters(
            AnnouncerCounter.ANNOUNCED,
            AnnouncerCounter.DEFENDED,
            AnnouncerCounter.SEND_FAILED,
            AnnouncerCounter.RECEIVE_FAILED);

    static final PortCounters NDP = new PortCounters(
            AnnouncerCounter.NDP_ANNOUNCED,
            AnnouncerCounter.NDP_DEFENDED,
            AnnouncerCounter.NDP_SEND_FAILED,
            AnnouncerCounter.NDP_RECEIVE_FAILED);
}
