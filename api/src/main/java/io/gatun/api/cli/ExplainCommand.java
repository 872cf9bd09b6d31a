package io.gatun.api.cli;

import io.gatun.api.model.Explained;
import io.gatun.api.model.Json;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gatun explain}: the walk of a packet that somebody imagines. */
@Command(
        name = "explain",
        description = "Tell what would become of a packet, step by step; changes nothing.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:the packet would be forwarded or answered",
            "1:no answer, or the question is refused",
            "2:bad arguments",
            "3:the packet would be dropped, or left to the host"
        })
final class ExplainCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    ApiOptions api;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "ADDR:PORT",
            description = "sender: 10.0.0.7:51000 or [2001:db8::7]:51000; of icmp without a port")
    String from;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "ADDR:PORT",
            description = "receiver: a VIP, or a source address of ours")
    String to;

    @Option(
            names = "--proto",
            defaultValue = "tcp",
            paramLabel = "PROTO",
            description = "tcp, udp, sctp or icmp (default: ${DEFAULT-VALUE})")
    String protocol;

    @Option(names = "--id", paramLabel = "N", description = "identifier of the icmp echo request (default: 0)")
    String identifier;

    @Override
    public Integer call() {
        String path = RestClient.GATUN + "/explain?from=" + RestClient.escaped(from) + "&to=" + RestClient.escaped(to)
                + "&proto=" + RestClient.escaped(protocol)
                + (identifier == null ? "" : "&id=" + RestClient.escaped(identifier));
        Explained explained = api.client().get(path, Explained.class);
        PrintWriter out = spec.commandLine().getOut();
        if (api.json()) {
            out.println(Json.pretty(explained));
        } else {
            explained.lines().forEach(out::println);
        }
        out.flush();
        return explained.served() ? Gatun.EXIT_OK : Gatun.EXIT_NOT_SERVED;
    }
}
