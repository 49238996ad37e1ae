package io.github.robotstream.examples.robot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Subscription;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.awaitility.Awaitility;
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

    @Test
    void filmsOnlyWhileSomebodyLooks() throws Exception {
        HeadCamera camera = new HeadCamera();
        BrokerBuilder builder = RobotStreamBroker.builder().withoutNetwork().listener(camera);
        RobotTopics.declare(builder);
        try (RobotStreamBroker broker = builder.start()) {
            camera.showOn(broker);
            assertThat(camera.isOn()).isFalse();
            CountDownLatch pictures = new CountDownLatch(2);
            try (Subscription looking = broker.subscribe(RobotTopics.CAMERA, picture -> pictures.countDown())) {
                assertThat(pictures.await(30, TimeUnit.SECONDS))
                        .as("%s", looking)
                        .isTrue();
            }
            Awaitility.await().until(() -> !camera.isOn());
            broker.subscribe(RobotTopics.CAMERA, picture -> {});
            Awaitility.await().until(camera::isOn);
        }
        assertThat(camera.isOn()).as("after the broker's end").isFalse();
    }
}
