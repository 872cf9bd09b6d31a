package io.gatun.lab;

import java.util.List;

/** A veth pair between two namespaces; both ends have the same queues and MTU, and the kernel's default offloads. */
record Cable(End left, End right, int queues, int mtu) {
    /** @param mac locally administered */
    record End(Namespace namespace, String device, String mac) {}

    /** Makes both ends under their final names, so that the root namespace never sees either. Both are down. */
    void lay() {
        String count = Integer.toString(queues);
        String bytes = Integer.toString(mtu);
        Ip.in(
                left.namespace(),
                List.of(
                        "link",
                        "add",
                        "name",
                        left.device(),
                        "address",
                        left.mac(),
                        "mtu",
                        bytes,
                        "numtxqueues",
                        count,
                        "numrxqueues",
                        count,
                        "type",
                        "veth",
                        "peer",
                        "name",
                        right.device(),
                        "netns",
                        right.namespace().name(),
                        "address",
                        right.mac(),
                        "mtu",
                        bytes,
                        "numtxqueues",
                        count,
                        "numrxqueues",
                        count));
    }
}
