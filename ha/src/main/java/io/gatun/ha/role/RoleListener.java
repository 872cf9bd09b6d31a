package io.gatun.ha.role;

import java.net.InetAddress;
import java.util.Set;

/**
 * Is told which VIPs this node has to serve. Calls come one at a time, in the order of the changes, from the thread
 * that makes the change, and listeners are called in the order in which they were added: the one that fills the
 * steering map comes before the one that announces. What changes together is told together: a takeover is of hundreds of
 * VIPs.
 */
public interface RoleListener {
    /** These VIPs are ours, also when they were already: announce (again). */
    void onMaster(Set<InetAddress> vips);

    /** These VIPs are another node's, or nobody's: be silent. */
    void onBackup(Set<InetAddress> vips);

    /** The last rules of these VIPs are gone. */
    void onReleased(Set<InetAddress> vips);
}
