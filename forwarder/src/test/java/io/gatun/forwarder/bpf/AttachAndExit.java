package io.gatun.forwarder.bpf;

import io.gatun.forwarder.sys.Libc;

/** A process that attaches, prints the program's id and ends without closing anything. */
final class AttachAndExit {
    private AttachAndExit() {}

    public static void main(String[] arguments) {
        Steering steering = Steering.load(Libc.system(), SteeringHook.valueOf(arguments[0]), 4, 1);
        steering.attach(Integer.parseInt(arguments[2]), arguments[1]);
        System.out.println(steering.program().id());
        Runtime.getRuntime().halt(0);
    }
}
