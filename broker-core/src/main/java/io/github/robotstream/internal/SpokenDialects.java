package io.github.robotstream.internal;

import io.github.robotstream.Topic;
import io.github.robotstream.internal.access.ClientDialects;
import io.github.robotstream.internal.foxglove.Foxglove;
import io.github.robotstream.internal.protocol.Dialect;
import io.github.robotstream.internal.protocol.Dialects;
import io.github.robotstream.internal.routing.Services;
import io.github.robotstream.internal.routing.TopicState;
import io.github.robotstream.internal.routing.TopicTable;
import io.github.robotstream.internal.session.TopicDirectory;
import io.github.robotstream.internal.settings.FrameStyle;
import io.github.robotstream.internal.settings.Settings;
import io.github.robotstream.internal.settings.Subprotocol;
import java.util.Optional;

/** The dialects of a broker's clients, by the subprotocol that they were answered: the project's own unless there was one. Any thread. */
final class SpokenDialects implements ClientDialects {
    private final Dialects own = new Dialects();
    private final FrameStyle usualStyle;
    private final TopicTable topics;
    private final Foxglove foxglove;

    SpokenDialects(Settings settings, TopicTable topics, TopicDirectory directory, Services services) {
        this.usualStyle = settings.frameStyle;
        this.topics = topics;
        this.foxglove = new Foxglove(directory::find, this::declared, services::find, settings.subscriptionsPerSession);
    }

    @Override
    public Dialect of(Optional<Subprotocol> answered, Optional<FrameStyle> style) {
        return switch (answered.orElse(Subprotocol.ROBOTSTREAM_V1)) {
            case ROBOTSTREAM_V1 -> own.of(style.orElse(usualStyle));
            case FOXGLOVE_SDK_V1, FOXGLOVE_WEBSOCKET_V1 -> foxglove.dialect();
        };
    }

    private Optional<Topic<?>> declared(String name) {
        return Optional.ofNullable(topics.find(name))
                .map(TopicState::declaration)
                .map(TopicState.Declaration::topic);
    }
}
