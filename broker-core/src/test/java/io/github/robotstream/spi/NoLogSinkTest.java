package io.github.robotstream.spi;

import io.github.robotstream.tck.LogSinkContract;

class NoLogSinkTest extends LogSinkContract {
    @Override
    protected LogSink newSink() {
        return LogSink.none();
    }
}
