package io.github.robotstream.examples.robot;

import java.util.List;

/**
 * The joints, in three lists of the same order.
 *
 * @param name what each is called
 * @param position where each is, in rad
 * @param velocity how fast each turns, in rad/s
 */
public record JointStates(List<String> name, List<Double> position, List<Double> velocity) {}
