package io.gatun.bench.demo;

import io.gatun.lab.ExecResult;
import io.gatun.lab.Host;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The host that uses the service, and from which a person operates Gatun. */
final class Client {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int HTTP_PORT = 80;
    /** Bytes a second. */
    private static final String SLOWLY = "8M";

    private static final int UDP_TIMEOUT_MS = 3_000;
    private static final int PING_TIMEOUT_MS = 3_000;
    private static final Pattern MAC = Pattern.compile("lladdr ([0-9a-f:]{17})");

    private final Host host;
    private final String vip;

    Client(Host host, String vip) {
        this.host = host;
        this.vip = vip;
    }

    /** What came of a download. */
    record Download(long bytes, String sha256, double bytesPerSecond) {}

    /** What came of many requests. */
    record Load(int answered, double perSecond) {}

    /** Runs a program in this host. @return its output, of any exit code */
    String run(String... command) {
        ExecResult result = host.tryExec(PATIENCE, List.of(command));
        return (result.stdout() + result.stderr()).strip();
    }

    /** A connection for each request, one after the other. @return bodies */
    List<String> get(int requests) {
        return run(
                        "curl",
                        "-sS",
                        "--max-time",
                        "10",
                        "-H",
                        "Connection: close",
                        "http://" + vip + "/[1-" + requests + "]")
                .lines()
                .toList();
    }

    /** A connection for each request, several at a time. */
    Load load(int requests, int parallel) {
        String[] command = {
            "curl",
            "-sS",
            "--no-progress-meter",
            "--parallel",
            "--parallel-max",
            Integer.toString(parallel),
            "--max-time",
            "30",
            "-H",
            "Connection: close",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code}\\n",
            "http://" + vip + "/[1-" + requests + "]"
        };
        long startNs = System.nanoTime();
        long answered = run(command).lines().filter("200"::equals).count();
        return new Load((int) answered, requests * 1e9 / (System.nanoTime() - startNs));
    }

    /** Requests until they are closed. */
    Requests requests() {
        return Requests.start(host, vip, HTTP_PORT);
    }

    Download download(Path into) throws IOException {
        return download(into, "0");
    }

    /** A download that takes its time. */
    FutureTask<Download> startDownload(Path into) {
        FutureTask<Download> download = new FutureTask<>(() -> download(into, SLOWLY));
        host.threads().newThread(download).start();
        return download;
    }

    private Download download(Path into, String limit) throws IOException {
        String speed = run(
                "curl",
                "-sS",
                "--max-time",
                "50",
                "--limit-rate",
                limit,
                "-o",
                into.toString(),
                "-w",
                "%{speed_download}",
                url("/file"));
        return new Download(Files.size(into), sha256(into), Double.parseDouble(speed));
    }

    /** A datagram from a new port each time. @return the word that each endpoint put in front of it, or what went wrong */
    List<String> datagrams(int count, int port) throws Exception {
        return host.call(() -> {
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                answers.add(datagram("datagram-" + i, port));
            }
            return answers;
        });
    }

    boolean ping(String address) throws Exception {
        return host.call(() -> InetAddress.getByName(address).isReachable(PING_TIMEOUT_MS));
    }

    /** The MAC address that this host's kernel has for an address, or "none". */
    String macOf(String address) {
        Matcher matcher = MAC.matcher(run("ip", "neigh", "show", "to", address));
        return matcher.find() ? matcher.group(1) : "none";
    }

    private String datagram(String text, int port) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(UDP_TIMEOUT_MS);
            socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getByName(vip), port));
            DatagramPacket answer = new DatagramPacket(new byte[256], 256);
            socket.receive(answer);
            String got = new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII);
            return got.endsWith(" " + text) ? got.substring(0, got.indexOf(' ')) : got;
        } catch (SocketTimeoutException e) {
            return "no-answer";
        }
    }

    private String url(String path) {
        return "http://" + vip + path;
    }

    static String sha256(Path file) throws IOException {
        try (DigestInputStream stream = new DigestInputStream(Files.newInputStream(file), sha256())) {
            stream.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(stream.getMessageDigest().digest());
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
