package io.github.robotstream.internal.transport.frame;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes down what a decoder finds, a line each. */
public final class RecordedFrames implements FrameHandler {
    private static final int LONG_TEXT = 200;

    public final List<String> events = new ArrayList<>();
    public Runnable onEachText = () -> {};

    @Override
    public void onText(byte[] utf8) {
        events.add("text " + describe(utf8));
        onEachText.run();
    }

    @Override
    public void onBinary(byte[] bytes) {
        events.add("binary " + (bytes.length <= LONG_TEXT ? Arrays.toString(bytes) : "of " + bytes.length + " bytes"));
    }

    @Override
    public void onPing(byte[] payload) {
        events.add("ping " + describe(payload));
    }

    @Override
    public void onPong(byte[] payload) {
        events.add("pong " + describe(payload));
    }

    @Override
    public void onClose(int code, String reason) {
        events.add("close " + code + " " + reason);
    }

    @Override
    public void onViolation(int closeCode, String reason) {
        events.add("violation " + closeCode);
    }

    static String describe(byte[] utf8) {
        return utf8.length <= LONG_TEXT ? new String(utf8, StandardCharsets.UTF_8) : "of " + utf8.length + " bytes";
    }
}
