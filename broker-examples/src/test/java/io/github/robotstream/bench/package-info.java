/** The benchmark: this broker beside stock Java-WebSocket and a bare NIO loop. See {@code docs/benchmarks.md}. */
package io.github.robotstream.bench;
