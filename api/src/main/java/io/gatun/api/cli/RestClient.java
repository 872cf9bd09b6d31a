package io.gatun.api.cli;

import io.gatun.api.model.Answer;
import io.gatun.api.model.ApiException;
import io.gatun.api.model.ErrorAnswer;
import io.gatun.api.model.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** Asks a Gatun. Every failure is a {@link ClientException} with one sentence. */
final class RestClient {
    /** loxilb's paths. */
    static final String NETLOX = "/netlox/v1";

    /** Gatun's own. */
    static final String GATUN = "/gatun/v1";

    private final String base;
    private final Duration timeout;
    private final String token;
    private final HttpClient http;

    /** @param tls null for plain HTTP */
    RestClient(String server, int port, int timeoutS, String token, SSLContext tls) {
        String host = server.contains(":") && !server.startsWith("[") ? "[" + server + "]" : server;
        this.base = (tls == null ? "http://" : "https://") + host + ":" + port;
        this.timeout = Duration.ofSeconds(Math.max(1, timeoutS));
        this.token = token;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .sslContext(tls == null ? withoutTrustStore() : tls)
                .build();
    }

    /** GET of a path, {@link #NETLOX} or {@link #GATUN} in front. */
    <T> T get(String path, Class<T> type) {
        return read(send(request(path).GET()), type);
    }

    /** GET of an answer that is not JSON. */
    String text(String path) {
        return new String(send(request(path).GET()), StandardCharsets.UTF_8);
    }

    /** POST of a value as JSON. @return the word of success */
    String post(String path, Object body) {
        return result(send(request(path).POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))));
    }

    /** DELETE. @return the word of success */
    String delete(String path) {
        return result(send(request(path).DELETE()));
    }

    /**
     * GET of an answer that comes line by line; returns at its end.
     *
     * @param line told each line that is not empty
     */
    void stream(String path, Consumer<String> line) {
        try {
            HttpResponse<InputStream> response =
                    http.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() != 200) {
                    throw new ClientException(
                            sentence(response.statusCode(), body.readAllBytes()), response.statusCode());
                }
                new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))
                        .lines()
                        .filter(text -> !text.isEmpty())
                        .forEach(line);
            }
        } catch (IOException | UncheckedIOException e) {
            throw noAnswer(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientException("interrupted", e);
        }
    }

    /** A value that stands in a query. */
    static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Names and values of a query, without the question mark. */
    static String query(Map<String, ?> values) {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + escaped(entry.getValue().toString()))
                .collect(Collectors.joining("&"));
    }

    private HttpRequest.Builder request(String path) {
        URI uri;
        try {
            uri = URI.create(base + path);
        } catch (IllegalArgumentException e) {
            throw new ClientException(base + path + " is no address, give --apiserver a host and --port a number", e);
        }
        if (uri.getHost() == null) {
            throw new ClientException(base + " is no address, give --apiserver a host and --port a number");
        }
        return HttpRequest.newBuilder(uri)
                .timeout(timeout)
                .header("Content-Type", "application/json")
                .header("Authorization", token);
    }

    private byte[] send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response = answer(request.build());
            if (response.statusCode() != 200) {
                throw new ClientException(sentence(response.statusCode(), response.body()), response.statusCode());
            }
            return response.body();
        } catch (IOException e) {
            throw noAnswer(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientException("interrupted", e);
        }
    }

    /** Shows on a terminal that it takes long. */
    private HttpResponse<byte[]> answer(HttpRequest request) throws IOException, InterruptedException {
        try (Progress progress = Progress.onTerminal()) {
            if (!progress.seen()) {
                return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            }
            CompletableFuture<HttpResponse<byte[]>> answer =
                    http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
            while (true) {
                try {
                    return answer.get(Progress.TICK_MS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    progress.tick("asking " + base);
                }
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        }
    }

    private ClientException noAnswer(Exception e) {
        String cause = e.getMessage() == null ? "" : " (" + e.getMessage() + ")";
        return new ClientException(
                "no answer from " + base + cause + ", start gatun run there or give --apiserver and --port", e);
    }

    private static String sentence(int status, byte[] body) {
        try {
            ErrorAnswer error = Json.read(body, ErrorAnswer.class);
            String text = error.result() == null ? error.message() : error.result();
            return text == null ? "status " + status : text;
        } catch (ApiException e) {
            return "status " + status + " without a reason, is this a Gatun?";
        }
    }

    /** A refusal may come with status 200: then only the word tells (contract section 3.2). */
    private static String result(byte[] body) {
        String result = read(body, Answer.class).result();
        if (!Answer.SUCCESS.result().equals(result)) {
            throw new ClientException(String.valueOf(result), 200);
        }
        return result;
    }

    private static <T> T read(byte[] body, Class<T> type) {
        try {
            return Json.read(body, type);
        } catch (ApiException e) {
            throw new ClientException("the answer is not JSON, is this a Gatun?", e);
        }
    }

    /** Plain HTTP only; reading the certificates of the JDK would cost a tenth of a second at every start. */
    private static SSLContext withoutTrustStore() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
