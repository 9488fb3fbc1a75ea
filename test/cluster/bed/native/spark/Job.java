import java.util.Collections;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A Spark application that adds numbers on its executors, round after round.
 *   Job ROUNDS [EXIT_CODE]
 */
public final class Job {
  private static final int NUMBERS = 40;
  private static final long PAUSE_MS = 25;

  private Job() {}

  public static void main(String[] args) {
    int rounds = Integer.parseInt(args[0]);
    try (JavaSparkContext context = new JavaSparkContext(new SparkConf())) {
      for (int round = 1; round <= rounds; round++) {
        int sum = context.parallelize(Collections.nCopies(NUMBERS, 1), 4).map(Job::slowly).reduce(Integer::sum);
        System.out.println("round " + round + " of " + rounds + ": " + sum);
      }
    }
    if (args.length > 1) System.exit(Integer.parseInt(args[1]));
  }

  private static int slowly(int number) throws InterruptedException {
    Thread.sleep(PAUSE_MS);
    return number;
  }
}
