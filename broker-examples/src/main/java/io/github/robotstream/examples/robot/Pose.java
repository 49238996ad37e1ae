package io.github.robotstream.examples.robot;

/**
 * Where the robot is, counted from where it was switched on.
 *
 * @param x forwards at the start, in m
 * @param y to the left at the start, in m
 * @param heading turned left since the start, in rad, more than -pi and at most pi
 */
public record Pose(double x, double y, double heading) {}
