package io.gatun.api.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.api.access.ApiAccess;
import io.gatun.api.access.ApiLimits;
import io.gatun.api.cli.Gatun;
import io.gatun.api.daemon.Daemon;
import io.gatun.api.daemon.StartException;
import io.gatun.api.testkit.Api;
import io.gatun.api.testkit.Bodies;
import io.gatun.api.testkit.Certificates;
import io.gatun.api.testkit.FakeDataPlane;
import io.gatun.api.testkit.Programs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** TLS, tokens and limits: certificates of openssl, requests of curl and of the command line, over real connections. */
class AccessTest {
    private static final String RULES = "/netlox/v1/config/loadbalancer/all";
    private static final String CHANGE = "/netlox/v1/config/loadbalancer";
    private static final String READ = "read-0123456789abcdef";
    private static final String ADMIN = "admin-0123456789abcdef";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    static Path made;

    @TempDir
    Path directory;

    private static Certificates certificates;
    private Daemon daemon;

    @BeforeAll
    static void certificates() {
        certificates = new Certificates(made);
        certificates.authority("ca");
        certificates.authority("stranger");
        certificates.issued("one", "ca");
        certificates.issued("two", "ca");
        certificates.issued("client", "ca");
        certificates.issued("foreigner", "stranger");
    }

    @BeforeEach
    void files() throws IOException {
        install("one");
        Files.createFile(tokens(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(tokens(), "# who may what\n\nread " + READ + "\nadmin " + ADMIN + "\n");
    }

    @AfterEach
    void stop() {
        if (daemon != null) {
            daemon.close();
        }
    }

    @Test
    void tlsServesAndTakesANewCertificateWithoutARestart() throws IOException {
        start(tls(false), Optional.empty(), ApiLimits.DEFAULT);
        assertTrue(curl("--cacert", certificates.pem("ca"), url("/netlox/v1")).startsWith("0 200"));
        assertTrue(served("one"));
        assertFalse(curl("http://127.0.0.1:" + port() + "/netlox/v1").startsWith("0 200"));
        assertFalse(curl("--cacert", certificates.pem("stranger"), url("/netlox/v1"))
                .startsWith("0 "));
        assertFalse(curl("--cacert", certificates.pem("ca"), "--tls-max", "1.1", url("/netlox/v1"))
                .startsWith("0 "));
        install("two");
        await(() -> served("two"));
        // A key that does not belong to the certificate changes nothing; the pair that does is taken afterwards.
        Files.copy(certificates.key("one"), key(), StandardCopyOption.REPLACE_EXISTING);
        assertTrue(served("two"));
        install("one");
        await(() -> served("one"));
    }

    @Test
    void mutualTlsLetsInWhoHasACertificateOfTheAuthority() {
        start(tls(true), Optional.empty(), ApiLimits.DEFAULT);
        assertTrue(curl(with("client", url(RULES))).startsWith("0 200"));
        assertFalse(curl(with("foreigner", url(RULES))).startsWith("0 "));
        assertFalse(curl("--cacert", certificates.pem("ca"), url(RULES)).startsWith("0 "));
        assertEquals(
                "0 ",
                gatun(
                                "--tls-ca",
                                ca(),
                                "--tls-cert",
                                certificates.pem("client"),
                                "--tls-key",
                                certificates.key("client"))
                        .substring(0, 2));
        String refused = gatun("--tls-ca", ca());
        assertTrue(refused.startsWith("1 gatun: no answer from https://127.0.0.1:" + port()), refused);
    }

    @Test
    void tokensReadOrChangeAndAreReadAgain() throws IOException {
        start(tls(false), Optional.of(tokens()), ApiLimits.DEFAULT);
        assertEquals(401, status(RULES, null));
        assertEquals(401, status(RULES, ""));
        assertEquals(401, status(RULES, "Bearer " + READ + "x"));
        assertEquals(401, status("/netlox/v1/no/such/path", null));
        assertEquals(200, status("/netlox/v1", null));
        assertEquals(200, status(RULES, READ));
        assertEquals(200, status(RULES, "Bearer " + READ));
        assertEquals(403, change("Bearer " + READ));
        assertEquals(401, change(null));
        assertEquals(403, change("Basic " + basic(ADMIN)));
        assertEquals(200, status(RULES, "Basic " + basic(ADMIN)));
        assertEquals(0, rules());
        assertEquals(200, change(ADMIN));
        assertEquals(1, rules());
        assertTrue(gatun("--tls-ca", ca(), "--token", ADMIN).startsWith("0 "));
        assertTrue(gatun("--tls-ca", ca(), "--token-file", tokenFile("bearer " + READ))
                .startsWith("0 "));
        String refused = gatun("--tls-ca", ca());
        assertTrue(refused.startsWith("1 gatun: no valid token, send one of those of --tokens"), refused);

        Files.writeString(tokens(), "admin another-0123456789abcdef\n");
        await(() -> status(RULES, ADMIN) == 401);
        assertEquals(200, status(RULES, "another-0123456789abcdef"));
        Files.writeString(tokens(), "nonsense\n");
        assertEquals(200, status(RULES, "another-0123456789abcdef"));
    }

    @Test
    void whoAsksTooOftenWaitsButIsStillAlive() {
        start(Optional.empty(), Optional.empty(), new ApiLimits(64, 32, 1));
        String last = "";
        for (int i = 0; i < 12 && !last.startsWith("0 429"); i++) {
            last = curl("-i", "http://127.0.0.1:" + port() + RULES);
        }
        assertTrue(last.startsWith("0 429"), last);
        assertTrue(last.contains("Retry-After: 1"), last);
        assertTrue(last.contains("too many requests from 127.0.0.1, ask less often"), last);
        assertTrue(curl("http://127.0.0.1:" + port() + "/netlox/v1").startsWith("0 200"));
        await(() -> curl("http://127.0.0.1:" + port() + RULES).startsWith("0 200"));
    }

    @Test
    void connectionsOfOneSourceAndOfAllAreBounded() throws IOException {
        start(Optional.empty(), Optional.empty(), new ApiLimits(5, 3, 1000));
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                open.add(connect("127.0.0.1"));
                assertTrue(answers(open.getLast()));
            }
            try (Socket fourth = connect("127.0.0.1")) {
                assertFalse(answers(fourth));
            }
            for (int i = 0; i < 2; i++) {
                open.add(connect("127.0.0.7"));
                assertTrue(answers(open.getLast()));
            }
            try (Socket sixth = connect("127.0.0.8")) {
                assertFalse(answers(sixth));
            }
            open.removeFirst().close();
            await(() -> {
                try (Socket again = connect("127.0.0.1")) {
                    return answers(again);
                } catch (IOException e) {
                    return false;
                }
            });
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    @Test
    void slowRequestsAreCutAndQuietConnectionsAreNot() throws IOException {
        start(Optional.empty(), Optional.empty(), new ApiLimits(64, 32, 1000, 300, 600));
        try (Socket quiet = connect("127.0.0.1");
                Socket silent = connect("127.0.0.1");
                Socket head = connect("127.0.0.1");
                Socket body = connect("127.0.0.1")) {
            assertTrue(answers(quiet));
            assertTrue(answers(head));
            send(head, "GET /netlox/v1 HTTP/1.1\r\nHo");
            send(body, "POST " + CHANGE + " HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{");
            for (Socket slow : List.of(silent, head, body)) {
                String rest = rest(slow);
                assertFalse(rest.contains("Success") || rest.contains("\tat "), rest);
            }
            assertTrue(answers(quiet));
        }
    }

    @Test
    void whatIsTooLargeOrMalformedIsRefusedInOneSentence() throws IOException {
        start(Optional.empty(), Optional.empty(), ApiLimits.DEFAULT);
        String large = curl("-i", "-H", "X: " + "x".repeat(9000), "http://127.0.0.1:" + port() + RULES);
        assertTrue(large.startsWith("0 431"), large);
        assertTrue(large.contains("headers are larger than 8192 bytes"), large);
        for (String head :
                List.of("GET /%zz HTTP/1.1", "GET", "\0\0\0", "GET / HTTP/9.9", "BREW /netlox/v1 HTTP/1.1")) {
            try (Socket socket = connect("127.0.0.1")) {
                send(socket, head + "\r\nHost: a\r\nConnection: close\r\n\r\n");
                String answer = rest(socket);
                assertFalse(answer.contains("\tat ") || answer.contains("Exception") || answer.contains("500"), answer);
            }
        }
    }

    @Test
    void listensOnEachAddressThatIsGiven() throws IOException {
        InetSocketAddress second;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.2"))) {
            second = new InetSocketAddress("127.0.0.2", free.getLocalPort());
        }
        start(new ApiAccess(
                List.of(address("127.0.0.1"), second), Optional.empty(), Optional.empty(), ApiLimits.DEFAULT));
        assertTrue(curl("http://127.0.0.1:" + port() + "/netlox/v1").startsWith("0 200"));
        assertTrue(curl("http://127.0.0.2:" + second.getPort() + "/netlox/v1").startsWith("0 200"));
        assertFalse(curl("http://127.0.0.1:" + second.getPort() + "/netlox/v1").startsWith("0 200"));
    }

    @Test
    void filesThatCannotBeUsedAreNamedBeforeAnythingIsTouched() throws IOException {
        Files.copy(certificates.key("two"), key(), StandardCopyOption.REPLACE_EXISTING);
        refused(tls(false), Optional.empty(), "--tls-key=" + key() + " is not the key of --tls-cert=" + certificate());
        Files.writeString(key(), "-----BEGIN EC PRIVATE KEY-----\n");
        refused(tls(false), Optional.empty(), "convert it by: openssl pkcs8 -topk8 -nodes");
        Files.delete(key());
        refused(tls(false), Optional.empty(), "--tls-key=" + key() + " cannot be read");
        Files.writeString(tokens(), "admin short\n");
        refused(
                Optional.empty(),
                Optional.of(tokens()),
                "--tokens=" + tokens() + " line 1 has a token that can be guessed");
        Files.writeString(tokens(), "\nroot " + ADMIN + "\n");
        refused(Optional.empty(), Optional.of(tokens()), "line 2 is no token, write: read TOKEN, or admin TOKEN");
        Files.writeString(tokens(), "# none\n");
        refused(Optional.empty(), Optional.of(tokens()), "has no token in it");
    }

    private void refused(Optional<ApiAccess.TlsFiles> tls, Optional<Path> tokenFile, String sentence) {
        ApiAccess access = new ApiAccess(List.of(address("127.0.0.1")), tls, tokenFile, ApiLimits.DEFAULT);
        FakeDataPlane dataPlane = new FakeDataPlane();
        StartException e = assertThrows(
                StartException.class, () -> Daemon.start(Api.options(directory, access), dataPlane, failure -> {}));
        assertTrue(e.getMessage().contains(sentence), e.getMessage());
    }

    private void start(Optional<ApiAccess.TlsFiles> tls, Optional<Path> tokenFile, ApiLimits limits) {
        start(new ApiAccess(List.of(address("127.0.0.1")), tls, tokenFile, limits));
    }

    private void start(ApiAccess access) {
        daemon = Daemon.start(Api.options(directory, access), new FakeDataPlane(), failure -> {});
    }

    private Optional<ApiAccess.TlsFiles> tls(boolean mutual) {
        return Optional.of(new ApiAccess.TlsFiles(
                certificate(), key(), mutual ? Optional.of(certificates.pem("ca")) : Optional.empty()));
    }

    private void install(String name) throws IOException {
        Files.copy(certificates.pem(name), certificate(), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(certificates.key(name), key(), StandardCopyOption.REPLACE_EXISTING);
    }

    private Path certificate() {
        return directory.resolve("api.pem");
    }

    private Path key() {
        return directory.resolve("api.key");
    }

    private Path tokens() {
        return directory.resolve("tokens");
    }

    private Path tokenFile(String token) throws IOException {
        return Files.writeString(directory.resolve("token"), token + "\n");
    }

    private String ca() {
        return certificates.pem("ca").toString();
    }

    private int port() {
        return daemon.api().getPort();
    }

    private String url(String path) {
        return "https://127.0.0.1:" + port() + path;
    }

    private boolean served(String name) {
        return curl("-v", "--cacert", certificates.pem("ca"), url("/netlox/v1")).contains("subject: CN=" + name);
    }

    private int status(String path, String authorization) {
        return Integer.parseInt(curl(authorized(authorization, url(path))).substring(2, 5));
    }

    private int change(String authorization) {
        Object[] request = authorized(authorization, url(CHANGE));
        Object[] all = Arrays.copyOf(request, request.length + 2);
        all[request.length] = "-d";
        all[request.length + 1] = Bodies.KUBE_LOXILB;
        return Integer.parseInt(curl(all).substring(2, 5));
    }

    private int rules() {
        return curl(authorized(READ, url(RULES))).split("externalIP", -1).length - 1;
    }

    private Object[] authorized(String authorization, String url) {
        // curl sends a header without a value only with a semicolon.
        return authorization == null
                ? new Object[] {"--cacert", ca(), url}
                : new Object[] {
                    "--cacert",
                    ca(),
                    "-H",
                    authorization.isEmpty() ? "Authorization;" : "Authorization: " + authorization,
                    url
                };
    }

    private Object[] with(String name, String url) {
        return new Object[] {"--cacert", ca(), "--cert", certificates.pem(name), "--key", certificates.key(name), url};
    }

    private static String basic(String token) {
        return Base64.getEncoder().encodeToString(("me:" + token).getBytes(StandardCharsets.UTF_8));
    }

    /** @return curl's exit code, a space, the status, and what came */
    private static String curl(Object... arguments) {
        List<String> command = new ArrayList<>(List.of("curl", "-s", "-m", "10", "-w", "\n%{http_code}"));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        String out = Programs.run(command);
        int space = out.indexOf(' ');
        String status = out.strip().substring(Math.max(0, out.strip().length() - 3));
        return out.substring(0, space) + " " + status + " " + out.substring(space + 1);
    }

    /** {@code gatun get lb}. @return exit code, a space, and what it says */
    private String gatun(Object... options) {
        List<String> arguments = new ArrayList<>(List.of("get", "lb", "-s", "127.0.0.1", "-p", "" + port()));
        for (Object option : options) {
            arguments.add(option.toString());
        }
        StringWriter out = new StringWriter();
        CommandLine commandLine = Gatun.commandLine(FakeDataPlane::new)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out));
        return commandLine.execute(arguments.toArray(String[]::new)) + " " + out;
    }

    private static InetSocketAddress address(String literal) {
        return new InetSocketAddress(InetAddress.ofLiteral(literal), 0);
    }

    private Socket connect(String from) throws IOException {
        Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port(), InetAddress.ofLiteral(from), 0);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Whether a connection gets an answer, and stays. */
    private static boolean answers(Socket socket) {
        try {
            send(socket, "GET /netlox/v1 HTTP/1.1\r\nHost: a\r\n\r\n");
            StringBuilder answer = new StringBuilder();
            while (!answer.toString().endsWith("Success\"}")) {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    return false;
                }
                answer.append((char) next);
            }
            return true;
        } catch (IOException reset) {
            return false;
        }
    }

    /** All that comes until the other end closes. */
    private static String rest(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketException reset) {
            return "";
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "has not come true");
        }
    }
}
