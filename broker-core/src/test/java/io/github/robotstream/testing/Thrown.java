package io.github.robotstream.testing;

/** What user code may throw. */
public enum Thrown {
    CHECKED {
        @Override
        public Throwable make() {
            return new Exception("on purpose");
        }
    },
    RUNTIME {
        @Override
        public Throwable make() {
            return new IllegalStateException("on purpose");
        }
    },
    ERROR {
        @Override
        public Throwable make() {
            return new AssertionError("on purpose");
        }
    },
    STACK_OVERFLOW {
        @Override
        public Throwable make() {
            return new StackOverflowError("on purpose");
        }
    },
    OUT_OF_MEMORY {
        @Override
        public Throwable make() {
            return new OutOfMemoryError("on purpose");
        }
    },
    UNSPEAKABLE {
        @Override
        public Throwable make() {
            return new Unspeakable();
        }
    };

    public abstract Throwable make();

    /** Throws it, whether it is declared or not. */
    public <E extends Throwable> void hurl() throws E {
        @SuppressWarnings("unchecked")
        E thrown = (E) make();
        throw thrown;
    }

    /** Cannot even be printed. */
    private static final class Unspeakable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }
    }
}
