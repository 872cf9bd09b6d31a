package io.gatun.api.cli;

import io.gatun.api.model.Answer;
import io.gatun.api.model.ApiException;
import io.gatun.api.model.ErrorAnswer;
import io.gatun.api.model.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** Asks a Gatun. Every failure is a {@link ClientException} with one sentence. */
final class RestClient {
    private final String base;
    private final Duration timeout;
    private final String token;
    private final HttpClient http;

    RestClient(String server, int port, int timeoutS, String token) {
        String host = server.contains(":") && !server.startsWith("[") ? "[" + server + "]" : server;
        this.base = "http://" + host + ":" + port;
        this.timeout = Duration.ofSeconds(Math.max(1, timeoutS));
        this.token = token;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .sslContext(withoutTrustStore())
                .build();
    }

    /** GET of a path below {@code /netlox/v1}. */
    <T> T get(String path, Class<T> type) {
        return read(send(request(path).GET()), type);
    }

    /** POST of a value as JSON. @return the word of success */
    String post(String path, Object body) {
        return result(send(request(path).POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))));
    }

    /** DELETE. @return the word of success */
    String delete(String path) {
        return result(send(request(path).DELETE()));
    }

    private HttpRequest.Builder request(String path) {
        URI uri;
        try {
            uri = URI.create(base + "/netlox/v1" + path);
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
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new ClientException(sentence(response));
            }
            return response.body();
        } catch (IOException e) {
            String cause = e.getMessage() == null ? "" : " (" + e.getMessage() + ")";
            throw new ClientException(
                    "no answer from " + base + cause + ", start gatun run there or give --apiserver and --port", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientException("interrupted", e);
        }
    }

    private static String sentence(HttpResponse<byte[]> response) {
        try {
            ErrorAnswer error = Json.read(response.body(), ErrorAnswer.class);
            String text = error.result() == null ? error.message() : error.result();
            return text == null ? "status " + response.statusCode() : text;
        } catch (ApiException e) {
            return "status " + response.statusCode() + " without a reason, is this a Gatun?";
        }
    }

    private static String result(byte[] body) {
        return read(body, Answer.class).result();
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
