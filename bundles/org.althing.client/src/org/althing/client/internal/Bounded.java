// SPDX-License-Identifier: EPL-2.0
package org.althing.client.internal;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/** Takes a body up to a size; a larger one fails, and the rest of it is not read. */
final class Bounded<T> implements BodySubscriber<T> {

    private final BodySubscriber<T> inner;
    private final long sizeMaxBytes;
    private @Nullable Subscription subscription;
    private long sizeBytes;
    private boolean over;

    Bounded(BodySubscriber<T> inner, long sizeMaxBytes) {
        this.inner = inner;
        this.sizeMaxBytes = sizeMaxBytes;
    }

    @Override
    public CompletionStage<T> getBody() {
        return inner.getBody();
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription = given;
        inner.onSubscribe(given);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        if (over) {
            return;
        }
        for (ByteBuffer buffer : buffers) {
            sizeBytes += buffer.remaining();
        }
        if (sizeBytes <= sizeMaxBytes) {
            inner.onNext(buffers);
            return;
        }
        over = true;
        if (subscription != null) {
            subscription.cancel();
        }
        inner.onError(new IOException("an answer of more than " + sizeMaxBytes + " bytes"));
    }

    @Override
    public void onError(Throwable failure) {
        if (!over) {
            inner.onError(failure);
        }
    }

    @Override
    public void onComplete() {
        if (!over) {
            inner.onComplete();
        }
    }
}
