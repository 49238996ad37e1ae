package io.github.robotstream;

/** What user code may throw. */
enum Thrown {
    CHECKED {
        @Override
        Throwable make() {
            return new Exception("on purpose");
        }
    },
    RUNTIME {
        @Override
        Throwable make() {
            return new IllegalStateException("on purpose");
        }
    },
    ERROR {
        @Override
        Throwable make() {
            return new AssertionError("on purpose");
        }
    },
    STACK_OVERFLOW {
        @Override
        Throwable make() {
            return new StackOverflowError("on purpose");
        }
    },
    OUT_OF_MEMORY {
        @Override
        Throwable make() {
            return new OutOfMemoryError("on purpose");
        }
    },
    UNSPEAKABLE {
        @Override
        Throwable make() {
            return new Unspeakable();
        }
    };

    abstract Throwable make();

    /** Throws it, whether it is declared or not. */
    <E extends Throwable> void hurl() throws E {
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
