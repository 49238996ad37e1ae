package io.github.robotstream.testing;

import io.github.robotstream.BrokerListener;
import io.github.robotstream.SessionSnapshot;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a broker's listener heard, a line each. */
public final class RecordedEvents implements BrokerListener {
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<Throwable> causes = new CopyOnWriteArrayList<>();

    @Override
    public void sessionOpened(SessionSnapshot session) {
        heard.add("opened " + session.id() + " " + session.principal().name());
    }

    @Override
    public void sessionClosed(SessionSnapshot session, int code, String reason) {
        heard.add("closed " + session.id() + " " + code + " " + reason);
    }

    @Override
    public void sessionSlow(SessionSnapshot session) {
        heard.add("slow " + session.id());
    }

    @Override
    public void topicActive(String topic) {
        heard.add("active " + topic);
    }

    @Override
    public void topicIdle(String topic) {
        heard.add("idle " + topic);
    }

    @Override
    public void userCodeFailed(String what, Throwable cause) {
        heard.add("failed " + what);
        causes.add(cause);
    }

    public List<String> heard() {
        return List.copyOf(heard);
    }

    public List<Throwable> causes() {
        return List.copyOf(causes);
    }
}
