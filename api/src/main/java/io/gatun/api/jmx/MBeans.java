package io.gatun.api.jmx;

import io.gatun.forwarder.control.Forwarder;
import io.gatun.ha.announce.AnnouncementTimes;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The beans of a running Gatun, registered with the platform's MBean server as soon as there is one: at once when an agent
 * of JMX was asked for on the command line, else within half a second after somebody has attached. Making the server
 * ourselves would cost each start more than all of Gatun; to look whether it is there costs nothing.
 */
public final class MBeans implements AutoCloseable {
    static final String TUNING = "io.gatun:type=Tuning";
    static final String STATISTICS = "io.gatun:type=Statistics";

    private static final Logger LOG = LoggerFactory.getLogger(MBeans.class);
    private static final long LOOK_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Forwarder forwarder;
    private final Consumer<AnnouncementTimes> announcer;
    private MBeanServer server;
    private boolean closed;

    private MBeans(Forwarder forwarder, Consumer<AnnouncementTimes> announcer) {
        this.forwarder = forwarder;
        this.announcer = announcer;
    }

    /**
     * Has the beans registered when there is somewhere to.
     *
     * @param announcer follows times of announcements
     * @return takes them back
     */
    public static MBeans offer(Forwarder forwarder, Consumer<AnnouncementTimes> announcer) {
        MBeans beans = new MBeans(forwarder, announcer);
        if (beans.waits()) {
            Thread.ofVirtual().name("gatun-mbeans").start(beans::look);
        }
        return beans;
    }

    private void look() {
        do {
            LockSupport.parkNanos(LOOK_EVERY_NS);
        } while (waits());
    }

    /** Registers them if that can be. @return whether it has still to be done */
    private synchronized boolean waits() {
        if (closed) {
            return false;
        }
        Optional<MBeanServer> found =
                MBeanServerFactory.findMBeanServer(null).stream().findFirst();
        found.ifPresent(this::register);
        return found.isEmpty();
    }

    private void register(MBeanServer with) {
        try {
            with.registerMBean(new Tuning(forwarder, announcer), new ObjectName(TUNING));
            with.registerMBean(new Statistics(forwarder), new ObjectName(STATISTICS));
            server = with;
            LOG.info("MBeans {} and {} are registered", TUNING, STATISTICS);
        } catch (JMException e) {
            LOG.error("there are no MBeans", e);
        }
    }

    @Override
    public synchronized void close() throws JMException {
        closed = true;
        if (server != null) {
            server.unregisterMBean(new ObjectName(TUNING));
            server.unregisterMBean(new ObjectName(STATISTICS));
            server = null;
        }
    }
}
