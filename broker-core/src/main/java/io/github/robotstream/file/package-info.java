/**
 * What is kept in files: messages of topics, log entries.
 *
 * <pre>{@code
 * RobotStreamBroker.builder()
 *         .store(FileTopicStore.builder(Path.of("/var/lib/robot/topics")).build())
 *         .logSink(JsonLinesLogSink.to(Path.of("/var/log/robot/broker.jsonl")));
 * }</pre>
 */
@NullMarked
package io.github.robotstream.file;

import org.jspecify.annotations.NullMarked;
