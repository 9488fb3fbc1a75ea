"""Processes in the places of Spark's own, without Spark: they only say and count who is there.

  keep PORT SECONDS CODE   answers on the port as a driver or a master would of those that report to it, and ends after the seconds with the code
  report URL ID            tells the keeper under the URL that it is there, twice a second
"""

import http.server
import json
import os
import signal
import sys
import threading
import time
import urllib.request

PATIENCE = 2.5
seen = {}


class Keeper(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        seen[self.path.strip("/")] = time.monotonic()
        self.answer({})

    def do_GET(self):
        alive = [who for who, at in list(seen.items()) if time.monotonic() - at < PATIENCE]
        if self.path.startswith("/json"):
            workers = [{"id": who, "state": "ALIVE"} for who in alive]
            return self.answer({"status": "ALIVE", "aliveworkers": len(alive), "workers": workers, "activeapps": []})
        if self.path.endswith("/executors"):
            return self.answer([{"id": who, "isActive": True} for who in ["driver", *alive]])
        return self.answer([{"id": "replayed"}])

    def answer(self, content):
        text = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


def keep(port, seconds, code):
    server = http.server.ThreadingHTTPServer(("", int(port)), Keeper)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    time.sleep(float(seconds))
    print(f"ends with {code} as it was told", flush=True)
    os._exit(int(code))


def report(url, who):
    while True:
        try:
            urllib.request.urlopen(urllib.request.Request(f"{url}/{who}", data=b"", method="POST"), timeout=2).read()
        except OSError as error:
            print(f"{url} does not answer: {error}", flush=True)
        time.sleep(0.5)


# As pid 1 it would not hear the signal otherwise.
signal.signal(signal.SIGTERM, lambda number, frame: os._exit(128 + number))
{"keep": keep, "report": report}[sys.argv[1]](*sys.argv[2:])
