package io.gatun.forwarder.conntrack;

/**
 * What was found when the table was opened.
 *
 * @param epoch how many processes have owned this file, this one included
 * @param takenOver flows that a process before us left, and that go on
 * @param halfInserted slots that a dying process had claimed but not finished, freed now
 * @param setAside why a file that was there could not be used and what it is called now; empty when there was none
 */
public record OpeningReport(long epoch, long takenOver, long halfInserted, String setAside) {}
