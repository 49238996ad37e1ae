package io.github.robotstream.examples.robot;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class HeadCameraTest {
    @Test
    void aPictureIsAPngOfItsSize() throws Exception {
        byte[] file = HeadCamera.png(HeadCamera.picture(new Pose(0, 0, 0)));
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(file));
        assertThat(image.getWidth()).isEqualTo(HeadCamera.WIDTH);
        assertThat(image.getHeight()).isEqualTo(HeadCamera.HEIGHT);
        assertThat(image.getRGB(0, 0)).isEqualTo(0xff3f4d61);
    }

    @Test
    void whatItSeesChangesWithPlaceAndHeading() {
        byte[] here = HeadCamera.picture(new Pose(0, 0, 0));
        assertThat(HeadCamera.picture(new Pose(0, 0, 0))).isEqualTo(here);
        assertThat(HeadCamera.picture(new Pose(0.3, 0, 0))).isNotEqualTo(here);
        assertThat(HeadCamera.picture(new Pose(0, 0, 0.1))).isNotEqualTo(here);
    }
}
