package io.gatun.forwarder.sync;

import io.gatun.forwarder.pipeline.Endpoints;
import io.gatun.forwarder.pipeline.FlowStates;
import io.gatun.forwarder.pipeline.PublishedTables;
import io.gatun.forwarder.pipeline.Service;
import io.gatun.forwarder.pipeline.Source;

/** Finds the endpoint of another node's connection among those of this node, whose ids are its own. */
final class Placement {
    /** {@link #endpointId}: nothing that comes back of the connection would come to this node. */
    static final int ELSEWHERE = -1;

    /** For endpoints that are in no rule here (yet): none of those that are is mistaken for it. */
    private static final int UNKNOWN_ENDPOINT = 255;

    private final PublishedTables published;

    Placement(PublishedTables published) {
        this.published = published;
    }

    /** The id that flows to the record's endpoint carry here, or {@link #ELSEWHERE}. */
    int endpointId(ConnectionRecord record) {
        boolean note = record.state == FlowStates.CLIENT;
        Service service = published.current().services().byId(record.serviceId);
        if (service == null) {
            return note ? ELSEWHERE : UNKNOWN_ENDPOINT;
        }
        Endpoints endpoints = service.endpoints();
        int index = record.isNewWide()
                ? endpoints.indexOf(record.newDestinationHigh, record.newDestinationLow, record.newPorts & 0xFFFF)
                : endpoints.indexOf(0, ConnectionRecord.mapped(record.newDestinationLow), record.newPorts & 0xFFFF);
        if (index < 0) {
            return note ? ELSEWHERE : UNKNOWN_ENDPOINT;
        }
        if (!note && endpoints.way(index) == Endpoints.Way.OWN_SOURCE && !isSource(record, endpoints.source(index))) {
            return ELSEWHERE;
        }
        return endpoints.id(index);
    }

    /** Whether replies come to this node: a source of the other node's own does not move with the VIP. */
    private static boolean isSource(ConnectionRecord record, Source source) {
        return record.isNewWide()
                ? source.high() == record.newSourceHigh && source.low() == record.newSourceLow
                : source.high() == 0 && source.low() == ConnectionRecord.mapped(record.newSourceLow);
    }
}
