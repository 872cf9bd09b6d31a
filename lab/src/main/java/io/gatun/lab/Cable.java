package io.gatun.lab;

/** A veth pair between two namespaces; both ends have the same queues and MTU, and the kernel's default offloads. */
record Cable(End left, End right, int queues, int mtu) {
    /** @param mac locally administered */
    record End(Namespace namespace, String device, String mac) {}

    /** Makes both ends under their final names, so that the root namespace never sees either. Both are down. */
    void lay() {
        String both = "mtu %d numtxqueues %d numrxqueues %d".formatted(mtu, queues, queues);
        Ip.in(
                left.namespace(),
                "link add name %s address %s %s type veth peer name %s netns %s address %s %s"
                        .formatted(
                                left.device(),
                                left.mac(),
                                both,
                                right.device(),
                                right.namespace().name(),
                                right.mac(),
                                both));
    }
}
