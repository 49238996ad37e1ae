package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.jfr.FlightEvents;
import io.github.robotstream.internal.jfr.Span;
import io.github.robotstream.internal.settings.RefusalStyle;
import io.github.robotstream.internal.transport.CloseCode;
import io.github.robotstream.internal.transport.Connection;
import io.github.robotstream.internal.transport.ConnectionListener;
import io.github.robotstream.internal.transport.Handshake;
import io.github.robotstream.internal.transport.HandshakeRequest;
import io.github.robotstream.internal.transport.Refusal;
import io.github.robotstream.internal.transport.gate.BadRequestException;
import io.github.robotstream.internal.transport.gate.ClientAddress;
import io.github.robotstream.internal.transport.gate.GateRules;
import io.github.robotstream.internal.transport.gate.HeadReader;
import io.github.robotstream.internal.transport.gate.HttpAnswer;
import io.github.robotstream.internal.transport.gate.RequestHead;
import io.github.robotstream.internal.transport.gate.UpgradeRequest;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * A connection from the accepted socket to the verdict on its request. Java-WebSocket sees nothing of a request that is not admitted.
 *
 * <pre>
 *                                       +--admit---> the WebSocket opens
 * READING --valid upgrade request--> WAITING
 *    |                                  +--refuse--> HTTP answer, or the close code, see {@link RefusalStyle}
 *    +--anything else, too slow-------------------> HTTP answer
 * </pre>
 *
 * <p>The thread that takes it out of a {@link #state} does what follows. The connection drops it with the verdict, as the request holds the
 * token.
 */
final class SocketHandshake implements Handshake {
    private enum State {
        READING,
        WAITING,
        JUDGED
    }

    private final TransportContext context;
    private final SocketConnection connection;
    private final Span span;
    private final HeadReader reader = new HeadReader();
    private final AtomicReference<State> state = new AtomicReference<>(State.READING);
    private volatile Optional<Tasks.Timer> headTimer = Optional.empty();
    private volatile boolean begun;
    private volatile Optional<UpgradeRequest> asked = Optional.empty();

    SocketHandshake(TransportContext context, SocketConnection connection) {
        this.context = context;
        this.connection = connection;
        this.span = FlightEvents.handshake(connection::remoteAddress);
    }

    // While it is READING.

    /** The head is due. */
    void begin() {
        try {
            headTimer = Optional.of(context.tasks().after(context.settings().handshakeTimeout, this::tooSlow));
        } catch (RejectedExecutionException theTransportIsClosed) {
            connection.cut();
        }
    }

    boolean isReading() {
        return state.get() == State.READING;
    }

    /** Takes bytes up to the end of the head. */
    void read(ByteBuffer in) {
        begun |= in.hasRemaining();
        try {
            if (reader.read(in)) {
                decide(reader.head());
            }
        } catch (BadRequestException bad) {
            answer(bad.answer(), true);
        }
    }

    private void decide(RequestHead head) throws BadRequestException {
        Optional<HttpAnswer> answer = GateRules.answer(head, context.settings());
        if (answer.isPresent()) {
            answer(answer.get(), !head.method().equals("HEAD"));
            return;
        }
        InetSocketAddress client =
                ClientAddress.of(head, connection.remoteAddress(), context.settings().trustedProxies);
        asked = Optional.of(new UpgradeRequest(head, context.settings()));
        if (state.compareAndSet(State.READING, State.WAITING)) {
            cancelTimer();
            context.open().asked(connection);
            context.open().move(connection, client).ifPresentOrElse(this::refuse, this::ask);
        }
    }

    private void ask() {
        try {
            context.listener().onHandshake(this);
        } catch (Throwable fault) {
            refuse(new Refusal(500, CloseCode.INTERNAL_ERROR, "internal error"));
            context.faults().report("the listener for handshakes failed, the client is refused", fault);
        }
    }

    private void tooSlow() {
        if (begun) {
            answer(HttpAnswer.TOO_SLOW, true);
        } else if (judge(State.READING, "too_slow")) {
            connection.cut(); // a connection kept in reserve: an answer would be taken for that of a later request
        }
    }

    private void answer(HttpAnswer answer, boolean withBody) {
        if (judge(State.READING, String.valueOf(answer.status()))) {
            try {
                connection.turnAway(answer, withBody);
            } catch (OutOfMemoryError fault) {
                connection.cut();
                throw fault;
            }
        }
    }

    // While it is WAITING.

    @Override
    public HandshakeRequest request() {
        return asked.orElseThrow().handshake(connection.remoteAddress(), connection.peerCertificates());
    }

    @Override
    public boolean wantsWebSocket() {
        return asked.orElseThrow().wantsWebSocket();
    }

    @Override
    public void answer(String contentType, byte[] body) {
        if (judge(State.WAITING, "answered")) {
            connection.turnAway(HttpAnswer.made(contentType, body), true);
        }
    }

    @Override
    public boolean admit(Function<Connection, ConnectionListener> session) {
        return judge(State.WAITING, "admitted") && connection.open(asked.orElseThrow(), session);
    }

    @Override
    public void refuse(Refusal refusal) {
        turnAway(refusal, refusal.word());
    }

    private boolean turnAway(Refusal refusal, String outcome) {
        if (!judge(State.WAITING, outcome)) {
            return false;
        }
        try {
            answer(refusal, asked.orElseThrow());
        } catch (OutOfMemoryError fault) {
            connection.cut();
            throw fault;
        }
        return true;
    }

    private void answer(Refusal refusal, UpgradeRequest request) {
        boolean byCloseCode = request.wantsWebSocket()
                && switch (context.settings().refusalStyle) {
                    case FITTING -> request.hasOrigin();
                    case HTTP_STATUS -> false;
                    case CLOSE_CODE -> true;
                };
        if (!byCloseCode) {
            connection.turnAway(HttpAnswer.of(refusal), true);
        } else if (connection.open(request, ignored -> GuardedListener.NOBODY)) {
            connection.close(refusal.closeCode(), refusal.reason());
        }
    }

    // In either state.

    /** There are too many handshakes, and this is the oldest. */
    void giveWay() {
        end(Refusal.overloaded(2000), "overloaded");
    }

    /** The broker closes. False if the request has its verdict already. */
    boolean goAway() {
        return end(new Refusal(503, CloseCode.GOING_AWAY, "the robot goes down", 2000), "going_away");
    }

    private boolean end(Refusal refusal, String outcome) {
        if (judge(State.READING, outcome)) {
            connection.cut();
            return true;
        }
        return turnAway(refusal, outcome);
    }

    /** Whether whoever calls this gives the verdict. */
    private boolean judge(State from, String outcome) {
        if (!state.compareAndSet(from, State.JUDGED)) {
            return false;
        }
        cancelTimer();
        connection.judged();
        span.end(outcome);
        return true;
    }

    private void cancelTimer() {
        headTimer.ifPresent(Tasks.Timer::cancel);
    }
}
