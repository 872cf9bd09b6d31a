package io.gatun.api.cli;

import io.gatun.api.model.ApiException;
import io.gatun.api.model.ErrorAnswer;
import io.gatun.api.model.Json;
import io.gatun.api.model.Traced;
import io.gatun.api.trace.PcapngFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gatun trace}: the next real packets of a VIP, and what became of each. */
@Command(name = "trace", description = "Show the next packets of a VIP, step by step.", mixinStandardHelpOptions = true)
final class TraceCommand implements Callable<Integer> {
    /** The server says something at least each second; see the server's TraceFeed. */
    private static final int FIRST_WORD_S = 10;

    @Spec
    CommandSpec spec;

    @Mixin
    ServerOptions server;

    @Option(names = "--vip", required = true, paramLabel = "IP", description = "packets to, from or about this address")
    String vip;

    @Option(
            names = {"-c", "--count"},
            defaultValue = "10",
            paramLabel = "N",
            description = "how many packets (default: ${DEFAULT-VALUE})")
    String count;

    @Option(
            names = {"-t", "--timeout"},
            defaultValue = "30s",
            paramLabel = "TIME",
            description = "stop after so long, such as 500ms, 30s or 2m (default: ${DEFAULT-VALUE})")
    String timeout;

    @Option(
            names = {"-w", "--write"},
            paramLabel = "FILE.pcapng",
            description = "write the packets there too, with verdict and steps as comments")
    Path file;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "json",
            description = "a line of JSON for each packet, as the server sends it")
    Output output;

    private int packets;

    /** Other than text. */
    enum Output {
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public Integer call() throws IOException {
        String path = RestClient.GATUN + "/trace?vip=" + RestClient.escaped(vip) + "&count=" + RestClient.escaped(count)
                + "&timeout=" + RestClient.escaped(timeout);
        RestClient client = server.client(FIRST_WORD_S);
        if (file == null) {
            client.stream(path, line -> print(line));
        } else {
            try (PcapngFile pcapng = create()) {
                client.stream(path, line -> write(pcapng, print(line)));
            }
        }
        if (packets == 0) {
            spec.commandLine().getErr().println("gatun: no packet of " + vip + " within " + timeout);
        }
        return Gatun.EXIT_OK;
    }

    private PcapngFile create() {
        try {
            return PcapngFile.create(file);
        } catch (IOException e) {
            throw new ClientException("--write=" + file + " cannot be written (" + e + "), give a file that can", e);
        }
    }

    private Traced print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        Traced packet = packet(line);
        packets++;
        if (output == Output.JSON) {
            out.println(line);
        } else {
            out.println(packet.time() + " " + packet.port() + " " + packet.summary());
            packet.explanation().lines().forEach(step -> out.println("    " + step));
        }
        out.flush();
        return packet;
    }

    private void write(PcapngFile pcapng, Traced packet) {
        try {
            pcapng.write(
                    Instant.parse(packet.time()),
                    packet.port(),
                    packet.frame(),
                    packet.length(),
                    String.join("\n", packet.explanation().lines()));
        } catch (IOException e) {
            throw new ClientException("--write=" + file + " cannot be written (" + e + "), make room for it", e);
        }
    }

    private static Traced packet(String line) {
        byte[] json = line.getBytes(StandardCharsets.UTF_8);
        try {
            Traced packet = Json.read(json, Traced.class);
            if (packet.explanation() != null && packet.frame() != null) {
                return packet;
            }
            throw new ClientException(
                    String.valueOf(Json.read(json, ErrorAnswer.class).result()));
        } catch (ApiException e) {
            throw new ClientException("the answer is not JSON, is this a Gatun?", e);
        }
    }
}
