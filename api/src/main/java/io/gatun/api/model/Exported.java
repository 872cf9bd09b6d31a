package io.gatun.api.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * All that is saved, as one document. A part that is missing from an import stays as it is; one that is empty is
 * emptied.
 *
 * @param lbAttr rules
 * @param epAttr endpoints that clients made
 * @param epStateAttr endpoints that clients declared down
 * @param fwAttr firewall rules
 * @param bfdAttr intervals of BFD that were set
 * @param params null for the defaults
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Exported(
        List<LoadBalancer> lbAttr,
        List<EndpointEntry> epAttr,
        List<EndpointHostState> epStateAttr,
        List<FirewallRule> fwAttr,
        List<BfdEntry> bfdAttr,
        Params params) {}
