package io.gatun.kube.controller;

import io.fabric8.kubernetes.api.model.Service;

/**
 * What is to be written on a Service: JSON patches (RFC 6902), each empty when there is nothing to write. They hold for
 * the version of it that they were made from, and for no other.
 *
 * @param service as it was when this was decided
 * @param metadata finalizer and annotations
 * @param status what users see
 * @param statusFirst whether the status goes first, because without its finalizer the Service may be gone
 */
record Change(Service service, String metadata, String status, boolean statusFirst) {
    boolean isEmpty() {
        return metadata.isEmpty() && status.isEmpty();
    }

    String version() {
        return service.getMetadata().getResourceVersion();
    }
}
