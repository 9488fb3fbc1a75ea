"""One replica of a training job, without TensorFlow: it works together with the others as TF_CONFIG says.

The first parameter server keeps the step all have reached and how often each replica has started; where there is no
parameter server the chief keeps them, or else worker 0. Every replica but a parameter server adds steps to the common
count. The chief, or worker 0 where there is none, decides the end: it ends once the count is full, and tells the
others. Parameter servers end when somebody ends them.

  --steps N        how many steps there are to do (default 40)
  --pause SECONDS  how long a step takes (default 0.1)
  --exit-code N    end with this code after five steps of one's own instead of training on
  --exit-times N   do so only the first N times that this replica starts (default: every time)
"""

import argparse
import json
import os
import signal
import socket
import socketserver
import sys
import threading
import time

PATIENCE = 60


class Keeper(socketserver.ThreadingTCPServer):
    """Answers requests of one line: start, add and end."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port):
        super().__init__(("", port), Conversation)
        self.lock = threading.Lock()
        self.step = 0
        self.has_ended = False
        self.starts = {}

    def answer(self, request):
        with self.lock:
            who = request["who"]
            if request["ask"] == "start":
                self.starts[who] = self.starts.get(who, 0) + 1
            self.step += request["ask"] == "add"
            self.has_ended |= request["ask"] == "end"
            return {"step": self.step, "ended": self.has_ended, "starts": self.starts.get(who, 0)}


class Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(json.dumps(self.server.answer(json.loads(line))).encode() + b"\n")


class Client:
    """Asks the keeper, and again on a new connection when that one is away for a while."""

    def __init__(self, address, who):
        self.address = address
        self.who = who
        self.stream = None

    def ask(self, what):
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                if self.stream is None:
                    self.stream = socket.create_connection(self.address, timeout=5).makefile("rw")
                self.stream.write(json.dumps({"ask": what, "who": self.who}) + "\n")
                self.stream.flush()
                return json.loads(self.stream.readline())
            except (OSError, ValueError) as error:
                self.stream = None
                if time.monotonic() > deadline:
                    say(f"{self.address[0]} does not answer: {error}")
                    sys.exit(1)
                time.sleep(0.5)


def say(text):
    print(text, flush=True)


def address_of(cluster, role, index):
    # With dynamic workers a worker is told of no other worker, and a parameter server of itself alone.
    members = cluster[role]
    address = members[str(index)] if isinstance(members, dict) else members[min(index, len(members) - 1)]
    host, port = address.rsplit(":", 1)
    return host, int(port)


def train(options, client, is_chief):
    starts = client.ask("start")["starts"]
    fails = options.exit_code is not None and (options.exit_times is None or starts <= options.exit_times)
    say(f"start number {starts} of {client.who}")
    own = 0
    while True:
        answer = client.ask("add")
        own += 1
        say(f"step {answer['step']} of {options.steps}")
        if fails and own == 5:
            say(f"ends with {options.exit_code} as it was told")
            return options.exit_code
        if is_chief and answer["step"] >= options.steps:
            client.ask("end")
            say("the training has ended")
            return 0
        if answer["ended"]:
            return 0
        time.sleep(options.pause)


def main():
    # As pid 1 it would not hear the signal otherwise.
    signal.signal(signal.SIGTERM, lambda number, frame: os._exit(128 + number))
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--pause", type=float, default=0.1)
    parser.add_argument("--exit-code", type=int)
    parser.add_argument("--exit-times", type=int)
    options = parser.parse_args()

    # A job of one replica gets no TF_CONFIG.
    alone = {"cluster": {"worker": ["localhost:2222"]}, "task": {"type": "worker", "index": 0}}
    configuration = json.loads(os.environ.get("TF_CONFIG", json.dumps(alone)))
    cluster, task = configuration["cluster"], configuration["task"]
    role, index = task["type"], task["index"]
    chief = next((name for name in ("chief", "master") if name in cluster), "worker")
    keeper = "ps" if cluster.get("ps") else chief
    say(f"{role} {index} of {json.dumps(cluster)}")

    if role in cluster:
        server = Keeper(address_of(cluster, role, index)[1])
        threading.Thread(target=server.serve_forever, daemon=True).start()
    if role == "ps":
        threading.Event().wait()
    client = Client(address_of(cluster, keeper, 0), f"{role}-{index}")
    code = train(options, client, role == chief and index == 0)
    if keeper == role and index == 0:
        # The others ask once more before they know.
        time.sleep(1)
    sys.exit(code)


if __name__ == "__main__":
    main()
