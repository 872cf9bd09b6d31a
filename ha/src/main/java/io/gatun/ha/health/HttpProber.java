package io.gatun.ha.health;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** GET of a path: 2xx, and what is expected in the first part of the body, is up. Redirects are not followed. */
final class HttpProber implements Prober {
    private static final int STATUS_CLASS = 100;

    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client;

    HttpProber() {
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(trustingAnybody())
                .executor(executor)
                .build();
    }

    @Override
    public Outcome probe(ProbeTarget target, long timeoutMs) throws IOException, InterruptedException {
        long startNs = System.nanoTime();
        HttpRequest request = HttpRequest.newBuilder(uri(target))
                .header("User-Agent", "gatun-health")
                .build();
        CompletableFuture<HttpResponse<byte[]>> sent = client.sendAsync(request, info -> new FirstBytes());
        try {
            HttpResponse<byte[]> response = sent.get(timeoutMs, TimeUnit.MILLISECONDS);
            if (response.statusCode() / STATUS_CLASS != 2) {
                return Outcome.down("status " + response.statusCode());
            }
            boolean found = new String(response.body(), StandardCharsets.UTF_8).contains(target.expected());
            return found ? Outcome.up(System.nanoTime() - startNs) : Outcome.down("the body lacks what is expected");
        } catch (TimeoutException e) {
            return Outcome.down("no answer");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } finally {
            sent.cancel(true); // also the rest of a body that does not end
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        executor.shutdownNow();
    }

    /** Where a probe goes. */
    private static URI uri(ProbeTarget target) throws IOException {
        String literal = target.address().getHostAddress();
        String host = target.address() instanceof Inet6Address ? "[" + literal + "]" : literal;
        String path = target.request().startsWith("/") ? target.request() : "/" + target.request();
        String text = target.type().text() + "://" + host + ":" + target.port() + path;
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IOException("no URI: " + text, e);
        }
    }

    /** loxilb checks no certificate either: endpoints are asked by address, and seldom have one for that. */
    private static SSLContext trustingAnybody() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Trusting()}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Trusting extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
