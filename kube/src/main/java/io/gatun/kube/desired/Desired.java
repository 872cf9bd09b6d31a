package io.gatun.kube.desired;

import io.gatun.kube.model.Rule;
import io.gatun.kube.model.RuleKey;
import java.util.Map;

/**
 * What is to be.
 *
 * @param rules on each load balancer
 * @param plans by Service
 */
public record Desired(Map<RuleKey, Rule> rules, Map<String, ServicePlan> plans) {}
