package io.gatun.api.system;

import com.sun.tools.attach.VirtualMachine;
import io.gatun.api.jmx.StatisticsMXBean;
import io.gatun.api.jmx.TuningMXBean;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.management.JMX;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Attaches to a Gatun as jconsole does, tunes it, and prints what it sees, a line each. Argument: process id. */
final class JmxClient {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    /** More than an agent that sleeps has in that time. */
    private static final long SPUN_CYCLES = 1_000_000;

    private JmxClient() {}

    @SuppressWarnings("BanJNDI") // the address is that of a process of ours on loopback
    public static void main(String[] arguments) throws Exception {
        VirtualMachine gatun = VirtualMachine.attach(arguments[0]);
        String address = gatun.startLocalManagementAgent();
        gatun.detach();
        try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(address))) {
            tune(connector.getMBeanServerConnection());
        }
    }

    private static void tune(MBeanServerConnection server) throws Exception {
        TuningMXBean tuning = JMX.newMXBeanProxy(server, new ObjectName("io.gatun:type=Tuning"), TuningMXBean.class);
        StatisticsMXBean statistics =
                JMX.newMXBeanProxy(server, new ObjectName("io.gatun:type=Statistics"), StatisticsMXBean.class);
        await("no beans are registered", () -> server.isRegistered(new ObjectName("io.gatun:type=Statistics")));
        System.out.println("idle " + tuning.getIdle());
        try {
            tuning.setBatchSize(0);
        } catch (IllegalArgumentException e) {
            System.out.println("refused " + e.getMessage());
        }
        tuning.setBatchSize(1);
        tuning.setIdle("spin");
        tuning.setAnnouncementPeriodMs(10_000);
        long start = cycles(statistics);
        await("the agent of eth0 does not spin", () -> cycles(statistics) - start > SPUN_CYCLES);
        System.out.println("spins");
        System.out.println(tuning.reset());
        System.out.println("idle " + tuning.getIdle());
    }

    private static void await(String otherwise, Callable<Boolean> condition) throws Exception {
        long startNs = System.nanoTime();
        while (!condition.call()) {
            if (System.nanoTime() - startNs > PATIENCE_NS) {
                throw new AssertionError(otherwise);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private static long cycles(StatisticsMXBean statistics) {
        return statistics.getAgents().stream()
                .filter(agent -> agent.agent().equals("eth0/0"))
                .mapToLong(StatisticsMXBean.AgentStatistics::dutyCycles)
                .sum();
    }
}
