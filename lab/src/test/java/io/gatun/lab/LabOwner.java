package io.gatun.lab;

import java.util.concurrent.CountDownLatch;

/** A JVM that opens a lab and waits to be killed. */
final class LabOwner {
    private LabOwner() {}

    /** Prints {@code open ID PID}: the lab, and a process that runs in it. */
    public static void main(String[] args) throws InterruptedException {
        Lab lab = Lab.open("owned");
        LabProcess process = lab.host("a", "10.0.0.1/24").start("sleep", "1000");
        while (lab.find("a").orElseThrow().ns().processes().isEmpty()) {
            Thread.onSpinWait(); // until ip has entered the namespace
        }
        System.out.println("open " + lab.id() + " " + process.pid());
        new CountDownLatch(1).await();
    }
}
