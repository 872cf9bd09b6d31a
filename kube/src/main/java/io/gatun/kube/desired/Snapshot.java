package io.gatun.kube.desired;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;

/**
 * The cluster at one moment.
 *
 * @param pods none where no Service wants {@link Attachments}
 */
public record Snapshot(List<Service> services, List<EndpointSlice> slices, List<Node> nodes, List<Pod> pods) {}
