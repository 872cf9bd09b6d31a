package io.gatun.kube.lb;

import io.gatun.kube.lb.Reply.Outcome;
import io.gatun.kube.model.Rule;
import io.gatun.kube.model.RuleEndpoint;
import io.gatun.kube.model.RuleKey;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/**
 * The REST API of one load balancer (contract sections 1 to 3). Every call ends within its deadline, whatever the other
 * side does. May be used by many threads.
 */
final class LoadBalancerClient {
    private static final String ROOT = "/netlox/v1";
    private static final String RULES = "/config/loadbalancer";
    private static final String ROLES = "/config/cistate";
    private static final int ANSWER_MAX_BYTES = 64 << 10;

    /** 2,048 rules of 32 endpoints take 10 MiB. */
    private static final int LIST_MAX_BYTES = 64 << 20;

    /** Of one rule, and so of one request. */
    private static final int ENDPOINTS_MAX = 32;

    private static final int TEXT_LENGTH_MAX = 300;
    private static final int TOO_MANY_REQUESTS = 429;

    private final HttpClient http;
    private final String base;
    private final String token;
    private final Pace pace;
    private final Counts counts;

    /**
     * A client.
     *
     * @param base such as {@code http://10.0.0.5:11111}
     * @param environment where {@code ACCESS_TOKEN_<host>} is the token for this host, if it wants one
     */
    LoadBalancerClient(HttpClient http, URI base, UnaryOperator<String> environment, Pace pace, Counts counts) {
        this.http = http;
        this.base = base.toString().replaceAll("/+$", "") + ROOT;
        String host = base.getHost() == null ? "" : base.getHost().replaceAll("[\\[\\]]", "");
        String given = environment.apply("ACCESS_TOKEN_" + host);
        this.token = given == null ? "" : given;
        this.pace = pace;
        this.counts = counts;
    }

    /** Whether it answers at all; any status counts (loxilb has nothing there). */
    boolean alive() {
        try {
            exchange("GET", "", null, ANSWER_MAX_BYTES, pace.probeDeadline());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Creates a rule or changes the one that is there. */
    Reply post(Rule rule) {
        return change("POST", RULES, Wire.rule(rule));
    }

    /** Adds endpoints to a rule, whoever has some there, or creates it with them. */
    Reply attach(Rule rule, List<RuleEndpoint> endpoints) {
        return change("POST", RULES, Wire.part(rule, endpoints, Wire.ATTACH));
    }

    /** Takes endpoints out of a rule; it goes with its last. Those that are not there are out. */
    Reply detach(Rule rule, List<RuleEndpoint> endpoints) {
        for (int i = 0; i < endpoints.size(); i += ENDPOINTS_MAX) {
            List<RuleEndpoint> some = endpoints.subList(i, Math.min(endpoints.size(), i + ENDPOINTS_MAX));
            Reply reply = change("POST", RULES, Wire.part(rule, some, Wire.DETACH));
            if (!reply.holds()) {
                return reply;
            }
        }
        return Reply.DONE;
    }

    /** Removes a rule. One that is not there is removed. */
    Reply delete(RuleKey key) {
        return change(
                "DELETE",
                RULES + "/externalipaddress/" + key.address() + "/port/" + key.port() + "/protocol/" + key.protocol()
                        + "?bgp=false&block=0",
                null);
    }

    /** Gives an instance a role. */
    Reply role(String instance, String state, String vip) {
        return change("POST", ROLES, Wire.role(instance, state, vip));
    }

    /** All rules that could be ours. */
    Map<RuleKey, Rule> rules() throws IOException {
        return Wire.rules(list(RULES + "/all"));
    }

    /** All instances with their states. */
    Map<String, String> roles() throws IOException {
        return Wire.roles(list(ROLES + "/all"));
    }

    /** Whether it is Gatun, which changes every part of a rule in place, and not loxilb. */
    boolean isGatun() throws IOException {
        HttpResponse<byte[]> answer = counted("/version", ANSWER_MAX_BYTES);
        return answer.statusCode() == 200 && Wire.isGatun(answer.body());
    }

    private byte[] list(String path) throws IOException {
        HttpResponse<byte[]> answer = counted(path, LIST_MAX_BYTES);
        if (answer.statusCode() != 200) {
            throw new IOException(path + " answered " + text(answer));
        }
        return answer.body();
    }

    private HttpResponse<byte[]> counted(String path, int maxBytes) throws IOException {
        try {
            HttpResponse<byte[]> answer = exchange("GET", path, null, maxBytes, pace.call());
            counts.request(answer.statusCode() == 200 ? Outcome.DONE : failure(answer.statusCode()));
            return answer;
        } catch (IOException e) {
            counts.request(Outcome.UNREACHABLE);
            throw e;
        }
    }

    private Reply change(String method, String path, ObjectNode body) {
        Reply reply;
        try {
            reply = reply(method, body, exchange(method, path, body, ANSWER_MAX_BYTES, pace.call()));
        } catch (IOException e) {
            reply = new Reply(Outcome.UNREACHABLE, "no answer: " + e.getMessage());
        }
        counts.request(reply.outcome());
        return reply;
    }

    private static Reply reply(String method, ObjectNode body, HttpResponse<byte[]> answer) {
        String result = Wire.result(answer.body());
        int status = answer.statusCode();
        boolean deleted = method.equals("DELETE") && (status == 200 || status == 404);
        boolean detached = status == 404 && body != null && Wire.detaches(body);
        if (deleted || detached || (status == 200 && result.equals("Success"))) {
            return Reply.DONE;
        }
        String lower = result.toLowerCase(Locale.ROOT);
        if (method.equals("POST") && lower.contains("exist") && !lower.contains("not-exist")) {
            return new Reply(Outcome.EXISTS, result);
        }
        return new Reply(failure(status), text(answer));
    }

    private static Outcome failure(int status) {
        return status >= 500 || status == TOO_MANY_REQUESTS ? Outcome.BROKEN : Outcome.REFUSED;
    }

    private static String text(HttpResponse<byte[]> answer) {
        String result = Wire.result(answer.body());
        String bounded = result.length() > TEXT_LENGTH_MAX ? result.substring(0, TEXT_LENGTH_MAX) + "..." : result;
        return "status " + answer.statusCode() + (bounded.isEmpty() ? "" : ", " + bounded);
    }

    /** The JDK's own timeout of a request ends with the head of its answer, hence a deadline around all of it. */
    private HttpResponse<byte[]> exchange(String method, String path, ObjectNode body, int maxBytes, Duration deadline)
            throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(Wire.bytes(body)));
        if (!token.isEmpty()) {
            request.header("Authorization", token);
        }
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request.build(), head -> new BoundedBody(maxBytes));
        try {
            return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new HttpTimeoutException("nothing came within " + deadline.toMillis() + " ms");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            String text = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            throw new IOException(text, cause);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped");
        }
    }
}
