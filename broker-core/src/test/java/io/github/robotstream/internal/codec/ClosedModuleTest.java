package io.github.robotstream.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.Topic;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values whose classes are in a module that keeps Gson out. */
class ClosedModuleTest {
    @TempDir
    Path folder;

    /** The record {@code com.example.robot.Twist} of a module. */
    private Class<?> twistOf(String moduleInfo) throws Exception {
        Path info = Files.writeString(folder.resolve("module-info.java"), moduleInfo);
        Path twist =
                Files.createDirectories(folder.resolve("com/example/robot")).resolve("Twist.java");
        Files.writeString(twist, "package com.example.robot; public record Twist(double linear, double angular) {}");
        Path classes = folder.resolve("classes");
        int code = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(System.out, System.err, "-d", classes.toString(), info.toString(), twist.toString());
        assertThat(code).isZero();
        Configuration modules = ModuleLayer.boot()
                .configuration()
                .resolve(ModuleFinder.of(classes), ModuleFinder.of(), Set.of("robot"));
        ClassLoader loader = ModuleLayer.boot()
                .defineModulesWithOneLoader(modules, ClosedModuleTest.class.getClassLoader())
                .findLoader("robot");
        return loader.loadClass("com.example.robot.Twist");
    }

    @Test
    void theOpensThatIsMissingIsNamed() throws Exception {
        Class<?> twist = twistOf("module robot {}");
        assertThatThrownBy(() -> Topic.command("cmd_vel", "Twist", twist))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no JSON form for com.example.robot.Twist")
                .hasMessageContaining("add \"opens com.example.robot;\" to the module-info of robot");
    }

    @Test
    void withItTheClassIsTaken() throws Exception {
        Class<?> twist = twistOf("module robot { opens com.example.robot; }");
        assertThat(Topic.command("cmd_vel", "Twist", twist)).hasToString("Topic[cmd_vel, Twist, Twist, command]");
    }

    @Test
    void ofTheJdksNoOpensIsAskedFor() {
        assertThatThrownBy(() -> Topic.state("dice", "dice", Random.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the JDK keeps its package java.util closed to Gson; give Topic a codec");
    }
}
