package io.gatun.ha.health;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** The beginning of a body, however long it is; the rest is not asked for. */
final class FirstBytes implements HttpResponse.BodySubscriber<byte[]> {
    static final int LENGTH_MAX = 1 << 16;

    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final byte[] bytes = new byte[LENGTH_MAX];
    private int length;
    private Flow.Subscription subscription;

    @Override
    public CompletionStage<byte[]> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        subscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
        for (ByteBuffer part : parts) {
            int taken = Math.min(part.remaining(), LENGTH_MAX - length);
            part.get(bytes, length, taken);
            length += taken;
        }
        if (length < LENGTH_MAX) {
            subscription.request(1);
        } else {
            subscription.cancel();
            onComplete();
        }
    }

    @Override
    public void onError(Throwable failure) {
        body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        body.complete(Arrays.copyOf(bytes, length));
    }
}
