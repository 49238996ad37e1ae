package kotlin;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Stands on each class that Kotlin has compiled, under this name. */
@Retention(RetentionPolicy.RUNTIME)
public @interface Metadata {}
