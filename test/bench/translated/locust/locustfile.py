# A user that signs in, then looks at a list of things three times as often as it says hello.
import time

from locust import HttpUser, between, task


class Visitor(HttpUser):
    wait_time = between(0.5, 1.5)

    def on_start(self):
        self.client.post("/login", json={"name": "ann", "word": "a"})

    @task
    def greet(self):
        self.client.get("/hello")
        self.client.get("/world")

    @task(3)
    def look(self):
        for number in range(5):
            self.client.get(f"/item?number={number}", name="/item")
            time.sleep(0.2)
