"""Where each page answers."""

from django.urls import URLPattern, URLResolver, include, path

from cunzhi.web.account import views as account
from cunzhi.web.administrator import scenarios
from cunzhi.web.administrator import views as administrator
from cunzhi.web.people import households, registering, taking
from cunzhi.web.people import views as people
from cunzhi.web.public import places
from cunzhi.web.public import views as public
from cunzhi.web.sign_in import views as sign_in

urlpatterns: list[URLPattern | URLResolver] = [
    path("", public.home, name="home"),
    path("", include("cunzhi.web.village.urls")),  # the two that are opened most are looked for first
    path("", include("cunzhi.web.inbox.urls")),
    path("language/", public.set_language, name="set_language"),
    path("care/", public.set_care, name="set_care"),
    path("accessibility/", public.accessibility, name="accessibility"),
    path("privacy/", public.privacy, name="privacy"),
    path("places/", places.places, name="places"),
    path("places/<str:code>/", places.one_place, name="place"),
    path("me/", account.me, name="me"),
    path("me/password/", account.password, name="password"),
    path("me/sessions/end/", account.end_sessions, name="end_sessions"),
    path("people/", people.people_list, name="people"),
    path("people/new/", registering.new_person, name="new_person"),
    path("people/take/", taking.take_people, name="take_people"),
    path("people/take/done/", taking.take_previewed, name="take_previewed"),
    path("people/take/sheet/", taking.empty_sheet, name="empty_sheet"),
    path("people/<int:person_id>/", people.person, name="person"),
    path("people/<int:person_id>/unmask/", people.unmask_number, name="unmask"),
    path("people/<int:person_id>/account/", registering.give_account, name="give_account"),
    path("", include("cunzhi.web.people.urls")),
    path("households/", households.households, name="households"),
    path("households/<int:household_id>/", households.household, name="household"),
    path("appointments/", administrator.appointments, name="appointments"),
    path("appointments/new/", administrator.new_appointment, name="new_appointment"),
    path("appointments/<int:appointment_id>/end/", administrator.end, name="end_appointment"),
    path("scenarios/", scenarios.scenarios, name="scenarios"),
    path("scenarios/<slug:slug>/", scenarios.scenario, name="scenario"),
    path("scenarios/<slug:slug>/on/", scenarios.switch_on, name="activate"),
    path("activations/<int:activation_id>/off/", scenarios.switch_off, name="deactivate"),
    path("", include("cunzhi.web.log.urls")),
    path("", include("cunzhi.web.cases.urls")),
    path("", include("cunzhi.web.meetings.urls")),
    path("", include("cunzhi.web.deliberation.urls")),
    path("", include("cunzhi.web.shop.urls")),
    path("", include("cunzhi.web.books.urls")),
    path("", include("cunzhi.web.rules.urls")),
    path("", include("cunzhi.web.figures.urls")),
    path("", include("cunzhi.web.disclosures.urls")),
    path("", include("cunzhi.web.fires.urls")),
    path("", include("cunzhi.web.ecology.urls")),
    path("", include("cunzhi.web.alarms.urls")),
    path("", include("cunzhi.web.emergencies.urls")),
    path("", include("cunzhi.web.perception.urls")),
    path("", include("cunzhi.web.atlas.urls")),
    path("healthz", public.healthz, name="healthz"),
    path("offline/", public.offline, name="offline"),
    path("service-worker.js", public.service_worker, name="service_worker"),
    path("manifest.webmanifest", public.manifest, name="manifest"),
    path("sign-in/", sign_in.by_phone, name="sign_in"),
    path("sign-in/code/", sign_in.by_code, name="sign_in_code"),
    path("sign-in/password/", sign_in.by_password, name="sign_in_password"),
    path("sign-out/", sign_in.leave, name="sign_out"),
]
