// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.althing.api.AlthingException;
import org.althing.api.node.Timer;
import org.althing.api.notary.SealingEngine;
import org.althing.api.notary.SealingEngine.Action;
import org.althing.api.notary.SealingEngine.Event;
import org.althing.api.notary.SealingProtocol;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's own notary at work: tells the engine what is pending, and does what it wants, each thing durable before the next. It is silent
 * while seals of others come in. Belongs to the thread of its pipeline, but for {@link #more} and {@link #noMore}.
 */
final class Sealing {

    private static final Logger LOG = LoggerFactory.getLogger(Sealing.class);

    private final Pipeline pipeline;
    private final Desk desk;
    private final CatchingUp behind;
    private final AtomicInteger announced = new AtomicInteger();

    private @Nullable SealingEngine engine;
    private @Nullable SealingProtocol engineOf;
    private boolean sealing;
    private boolean sealAgain;
    private Timer.@Nullable Wake wake;
    private Timer.@Nullable Wake postponed;
    private boolean postponedEnough;

    Sealing(Pipeline pipeline, Desk desk, CatchingUp behind) {
        this.pipeline = pipeline;
        this.desk = desk;
        this.behind = behind;
    }

    /** Says that more entries are about to come; to be taken back with {@link #noMore} as soon as they have. */
    void more() {
        announced.incrementAndGet();
    }

    void noMore() {
        if (announced.decrementAndGet() == 0) {
            pipeline.thread().run(this::seal);
        }
    }

    /** Whether this node seals at all, so that what is pending will be sealed soon. */
    boolean isSealing() {
        return engine != null && pipeline.isNotary();
    }

    /** Whether a seal of its own is on its way. */
    boolean isBusy() {
        return sealing;
    }

    /** The chain has grown without the engine: the next one begins on what there is now. */
    void forget() {
        engine = null;
        engineOf = null;
    }

    void seal() {
        if (sealing) {
            sealAgain = true;
            return;
        }
        if (postpone()) {
            return;
        }
        boolean may = !pipeline.isClosed() && !behind.now();
        Optional<List<Action>> first = may ? engineReady() : Optional.empty();
        if (first.isEmpty()) {
            sealed(false);
            return;
        }
        sealing = true;
        perform(first.get().iterator(), false, true);
    }

    /** Many entries that come at once go into few seals: as long as more are announced, sealing waits, but not for long. */
    private boolean postpone() {
        if (announced.get() == 0 || postponedEnough || pipeline.hasPutOff()) {
            if (postponed != null) {
                postponed.cancel();
                postponed = null;
            }
            postponedEnough = false;
            return false;
        }
        if (postponed == null) {
            long until = desk.timer().millis() + Limits.SEAL_DELAY_MAX_MILLIS;
            postponed = desk.timer()
                    .at(
                            until,
                            () -> pipeline.thread().run(() -> {
                                postponedEnough = true;
                                seal();
                            }));
        }
        return true;
    }

    private void work(boolean progress) {
        SealingEngine now = engine;
        if (now == null) {
            sealed(progress);
            return;
        }
        if (wake != null) {
            wake.cancel();
            wake = null;
        }
        Optional<List<Action>> actions = ask(
                now,
                new Event.Work(
                        pipeline.state(),
                        pipeline.pool().sealable(),
                        desk.timer().millis()));
        if (actions.isPresent()) {
            perform(actions.get().iterator(), progress, false);
        } else {
            sealed(progress);
        }
    }

    /**
     * Each action is durable before the next begins.
     *
     * @param progress whether anything has been sealed
     * @param again whether to ask for more work at the end
     */
    private void perform(Iterator<Action> actions, boolean progress, boolean again) {
        if (pipeline.isClosed()) {
            return;
        }
        if (!actions.hasNext()) {
            if (again) {
                work(progress);
            } else {
                sealed(progress);
            }
            return;
        }
        switch (actions.next()) {
            case Action.StoreVote a ->
                pipeline.thread().after(pipeline.ledger().vote(a.vote()), () -> perform(actions, progress, again));
            case Action.Finalize a -> pipeline.store(a.seal(), a.step(), () -> perform(actions, true, true));
            case Action.WakeAt a -> {
                wake = desk.timer().at(a.timeMillis(), () -> pipeline.thread().run(this::seal));
                perform(actions, progress, again);
            }
            case Action.Halt a -> {
                pipeline.problems().put("notary", a.reason());
                perform(actions, progress, again);
            }
        }
    }

    /** What the engine has signed cannot be stored: it must not go on. */
    void halt(String reason) {
        pipeline.problems().put("notary", reason);
        engine = null;
        sealed(false);
    }

    /** There is nothing more to seal; those who waited for it are looked at again. */
    private void sealed(boolean progress) {
        sealing = false;
        pipeline.lookAgain(progress);
        pipeline.intake().fold();
        if (sealAgain) {
            sealAgain = false;
            seal();
        }
    }

    /** What the engine wants done first, made if there should be one and is not; empty if there must be none. */
    private Optional<List<Action>> engineReady() {
        Optional<SealingProtocol> protocol = desk.protocol().get();
        if (protocol.isEmpty() || !pipeline.isNotary()) {
            forget();
            pipeline.problems()
                    .set(
                            "protocol",
                            protocol.isEmpty(),
                            "no sealing protocol is installed: nothing is sealed until bundle org.althing.notary runs");
            return Optional.empty();
        }
        pipeline.problems().remove("protocol");
        if (engineOf == protocol.get()) {
            return engine == null ? Optional.empty() : Optional.of(List.of());
        }
        engineOf = protocol.get();
        pipeline.problems().remove("notary");
        try {
            engine = protocol.get().engine(pipeline.ledger().dao(), desk.notary());
            return ask(engine, new Event.Started(pipeline.ledger().votes(), pipeline.state(), pipeline.last()));
        } catch (AlthingException e) {
            engine = null;
            pipeline.problems().put("notary", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** What the engine wants done; empty if its bundle was uninstalled under it, and what it has promised is in the ledger. */
    private Optional<List<Action>> ask(SealingEngine asked, Event event) {
        try {
            return Optional.of(asked.handle(event));
        } catch (LinkageError e) {
            if (desk.protocol().get().filter(now -> now == engineOf).isPresent()) {
                throw e;
            }
            LOG.info(
                    "{}: the notary's bundle went away while it worked ({})",
                    pipeline.ledger().dao(),
                    e.toString());
            forget();
            sealAgain = true;
            return Optional.empty();
        }
    }

    void close() {
        if (wake != null) {
            wake.cancel();
        }
        if (postponed != null) {
            postponed.cancel();
        }
        behind.close();
    }
}
